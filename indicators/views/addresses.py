"""Addresses of the files of a view, as `components/view_files.html` takes them."""

from __future__ import annotations

from django.urls import reverse

from zaitaku.pages.files import EXTENSIONS


def file_addresses(name: str, querystring: str, *args: str) -> dict[str, str]:
    """`{"csv": "/comparison/figures.csv?area=13", …}` for a URL whose last argument is the extension."""
    return {extension: reverse(name, args=[*args, extension]) + querystring for extension in EXTENSIONS}
