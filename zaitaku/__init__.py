"""Zaitaku: planning of home medical care (在宅医療) by Japan's 47 prefectures."""

from zaitaku.celery import app as celery_app

__all__ = ["celery_app"]
