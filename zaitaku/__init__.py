"""Zaitaku: planning of home medical care (在宅医療) by Japan's 47 prefectures."""
