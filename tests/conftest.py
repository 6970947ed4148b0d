"""Fixtures every test may use: the official files beside the checkout, and a network that ends at this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real official files; tests on them are skipped, and say so, where it is absent."""
    folder = Path(os.environ.get("ZAITAKU_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("conformance test on real official files: ../shared/data is absent")
    return folder


def _is_on_this_machine(address: object) -> bool:
    """Unix sockets and loopback addresses; anything else would make the suite depend on the network."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _network_ends_at_this_machine() -> Iterator[None]:
    """Refuse every connection that would leave the machine, so that no test can lean on another host."""
    really_connect = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if not _is_on_this_machine(address):
            raise AssertionError(f"A test tried to reach {address!r}; tests must stay on this machine.")
        really_connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield
