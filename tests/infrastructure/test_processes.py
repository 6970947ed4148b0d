"""Children that never outlive their parent."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

from zaitaku.processes import Child, free_port, wait_until

STARTS_A_CHILD_AND_WAITS = """
import sys, time
from pathlib import Path
from zaitaku.processes import Child
child = Child("sleeper", ["sleep", "300"], Path(sys.argv[1]) / "log")
child.start()
print(child.pid, flush=True)
time.sleep(300)
"""
STARTS_A_GRANDCHILD = "import subprocess, time; subprocess.Popen(['sleep', '300']); time.sleep(300)"


def _is_running(pid: int) -> bool:
    """Whether the process exists and is not just waiting to be collected by init."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_child_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTS_A_CHILD_AND_WAITS, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert _is_running(child)
        parent.kill()
    assert wait_until(lambda: not _is_running(child), seconds=5)


def test_stopping_a_child_leaves_none_of_its_own_children(tmp_path: Path) -> None:
    child = Child("nest", [sys.executable, "-c", STARTS_A_GRANDCHILD], tmp_path / "log")
    child.start()
    members = Path(f"/proc/{child.pid}/task/{child.pid}/children")
    assert wait_until(lambda: members.read_text() != "", seconds=5)
    grandchild = int(members.read_text())
    child.stop(patience=1)
    assert not child.is_alive
    assert wait_until(lambda: not _is_running(grandchild), seconds=5)


def test_a_child_that_ignores_the_polite_signal_is_killed(tmp_path: Path) -> None:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(300)"
    )
    child = Child("stubborn", [sys.executable, "-c", stubborn], tmp_path / "log")
    child.start()
    assert wait_until(lambda: child.last_words() == "up", seconds=5)
    child.stop(patience=0.2)
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL


def test_the_last_words_of_a_child_are_the_end_of_its_log(tmp_path: Path) -> None:
    child = Child("talker", [sys.executable, "-c", "print('one'); print('two')"], tmp_path / "log")
    child.start()
    child.wait_or_kill(patience=10)
    assert child.last_words(lines=1) == "two"


def test_a_free_port_can_be_listened_on() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", free_port()))
        server.listen()
