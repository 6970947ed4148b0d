"""Where a request comes from and with what, said no more exactly than the sign-in log needs."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# The first that is found names the browser: each claims to be those below it as well.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("FxiOS", "Firefox"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
# Bits that stay of an address: the network of an office or a provider, not the machine of a person.
_KEPT_BITS = {4: 24, 6: 48}


def client_address(request: HttpRequest) -> str | None:
    """The visitor's address as the server saw it, or as its own proxies noted it (other headers may be made up)."""
    if settings.PROXIES:
        noted = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        # Each proxy adds on the right whom it was asked by; what stands further left came from the visitor.
        found = noted[-min(settings.PROXIES, len(noted))]
        if _is_address(found):
            return found
    return request.META.get("REMOTE_ADDR") or None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def network_of(address: str | None) -> str | None:
    """The first address of the network (/24, /48) the address lies in; the own machine stays as it is."""
    if not address or not _is_address(address):
        return None
    given = ipaddress.ip_address(address)
    if given.is_loopback:
        return str(given)
    network = ipaddress.ip_network((address, _KEPT_BITS[given.version]), strict=False)
    return str(network.network_address)


def agent_family(request: HttpRequest) -> str:
    """Browser and system in words (`Chrome・Windows`), without version; empty where there is no such header."""
    agent = request.headers.get("User-Agent", "")
    if not agent:
        return ""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "その他")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "その他")
    return f"{browser}・{system}"
