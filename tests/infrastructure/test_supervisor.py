"""`make run` as a person at a terminal meets it: started, started twice, killed, stopped, and misconfigured."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import psycopg
import pytest

from bootstrap.places import CHECKOUT
from tests.live import LiveSite, command_line
from zaitaku import supervisor
from zaitaku.processes import free_port, wait_until


def _refusal(state: Path, **environment: str) -> str:
    """What a start that must fail says; it says it without a traceback and with a status that is not 0."""
    done = subprocess.run(
        [sys.executable, "-m", "zaitaku.supervisor", "run"],
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": "", "REDIS_URL": "", "ZAITAKU_STATE": str(state), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def _worker(site: LiveSite) -> int | None:
    return next(
        (pid for pid, command in site.children().items() if "celery" in command and " worker " in command), None
    )


def test_a_port_in_use_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"Port {port} is already in use by another program" in _refusal(tmp_path, PORT=str(port))
    assert not (tmp_path / "servers").exists()


def test_an_unreachable_database_is_told(tmp_path: Path) -> None:
    nowhere = f"postgresql://zaitaku@127.0.0.1:{free_port()}/zaitaku"
    said = _refusal(tmp_path, PORT=str(free_port()), DATABASE_URL=nowhere, REDIS_URL="redis://127.0.0.1:1/0")
    assert "DATABASE_URL cannot be reached" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "may not write to" in _refusal(tmp_path / "state", PORT=str(free_port()))


def test_without_shared_memory_the_worker_uses_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(multiprocessing, "Lock", object)
    assert "prefork" in supervisor.worker(tmp_path, {}).command
    monkeypatch.setattr(multiprocessing, "Lock", refused)
    assert "threads" in supervisor.worker(tmp_path, {}).command


def test_the_site_announces_itself_once_its_first_page_is_answered(live_site: LiveSite) -> None:
    assert live_site.output.splitlines()[-1] == f"Zaitaku is ready: {live_site.url}/"
    with urllib.request.urlopen(f"{live_site.url}/", timeout=30) as page:
        assert page.status == 200
    with urllib.request.urlopen(f"{live_site.url}/healthz", timeout=30) as health:
        assert health.read() == b"ok\n"


def test_a_second_start_in_the_same_folder_is_refused(live_site: LiveSite) -> None:
    said = _refusal(live_site.state, PORT=str(free_port()))
    assert f"already runs from this folder (process {live_site.supervisor.pid}, {live_site.url}/)" in said


def test_a_management_command_finds_the_running_site_s_database(live_site: LiveSite) -> None:
    assert "[X] 0001_initial" in live_site.manage("showmigrations", "accounts")


def test_a_killed_worker_is_started_again(live_site: LiveSite) -> None:
    killed = _worker(live_site)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert wait_until(lambda: _worker(live_site) not in (killed, None), seconds=15)
    assert "worker stopped by itself and is started again" in live_site.output


def test_after_kill_9_nothing_is_left_running_and_the_next_start_has_lost_nothing(live_site: LiveSite) -> None:
    with psycopg.connect(live_site.services()["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS written_before_the_kill AS SELECT 42 AS figure")
    children = live_site.children()
    live_site.kill()
    assert wait_until(lambda: all(command_line(pid) != command for pid, command in children.items()), seconds=120)

    live_site.start()
    with psycopg.connect(live_site.services()["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT figure FROM written_before_the_kill").fetchall() == [(42,)]


def test_stopping_it_stops_everything_and_says_so(live_site: LiveSite) -> None:
    children = live_site.children()
    live_site.stop()
    assert live_site.supervisor.process is not None
    assert live_site.supervisor.process.returncode == 0
    assert live_site.output.splitlines()[-1] == "· stopped; the data is kept"
    assert [command for pid, command in children.items() if command_line(pid) == command] == []
    assert not (live_site.state / "services.json").exists()
    live_site.start()
