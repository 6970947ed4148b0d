"""Set-up before any package is there: exact versions, nothing unverified, one sentence for what is missing."""

from __future__ import annotations

import errno
import io
import os
import re
import socket
import subprocess
import sys
import tarfile
from pathlib import Path

import plotly
import pytest

from bootstrap import assets, commands, environment, ports
from bootstrap.assets import Package
from bootstrap.places import CHECKOUT
from bootstrap.problems import SetupProblem, told_in_one_sentence

LOCKS = ["requirements.txt", "requirements-dev.txt"]


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_names_no_package_index(lock: str) -> None:
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", (CHECKOUT / lock).read_text())


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_version_and_a_hash(lock: str) -> None:
    text = (CHECKOUT / lock).read_text().replace("\\\n", " ")
    requirements = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert requirements
    assert [line for line in requirements if "==" not in line or "--hash=sha256:" not in line] == []


def test_the_chart_library_in_the_browser_is_the_one_the_python_package_carries() -> None:
    bundle = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    carried = re.search(r"plotly\.js v([\d.]+)", bundle.read_text(encoding="utf-8")[:200])
    assert carried is not None
    listed = {package.name: package.version for package in assets.packages("pages")}
    assert {listed["plotly.js"], listed["plotly.js-cartesian-dist-min"]} == {carried[1]}


def _archive(folder: Path) -> Path:
    path = folder / "thing-1.0.0.tgz"
    with tarfile.open(path, "w:gz") as tar:
        for name, content in {"package/thing.js": b"good", "package/../../escape": b"bad"}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def test_a_package_that_is_not_the_listed_one_is_not_used(tmp_path: Path) -> None:
    package = Package("thing", "1.0.0", "sha512-AAAA", "pages", {"thing.js": "thing.js"})
    with pytest.raises(SetupProblem, match=r"not what bootstrap/assets\.toml expects"):
        assets._verify(_archive(tmp_path), package)


def test_only_the_listed_files_leave_an_archive(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b"
    assets._extract(_archive(tmp_path), Package("thing", "1.0.0", "", "pages", {"thing.js": "place/thing.js"}), target)
    assert [path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file()] == [
        Path("b/place/thing.js")
    ]


def test_a_listed_file_that_the_package_lacks_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(SetupProblem, match=r"has no file absent\.js"):
        assets._extract(_archive(tmp_path), Package("thing", "1.0.0", "", "pages", {"absent.js": "x"}), tmp_path)


def test_an_environment_that_matches_the_lock_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stamp = environment._digest(CHECKOUT / "requirements-dev.txt")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "requirements.sha256").write_text(f"{stamp}\n")
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "bin" / "python")
    monkeypatch.setattr(environment, "_install", lambda _lock: pytest.fail("installed again"))
    environment.ensure(dev=True)
    environment.ensure(dev=False)


def test_too_little_room_is_told_before_anything_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "NEEDED_MB", 10**12)
    with pytest.raises(SetupProblem, match="the first set-up needs about"):
        environment._check_room()


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, "is full"), (errno.EACCES, "may not write to"), (errno.EROFS, "may not write to")],
)
def test_a_known_trouble_ends_with_a_sentence_and_no_traceback(
    number: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end, told_in_one_sentence():
        raise OSError(number, os.strerror(number), "/somewhere")
    assert end.value.code == 1
    assert sentence in capsys.readouterr().err


def test_a_failing_command_is_told_with_its_last_words() -> None:
    with pytest.raises(SetupProblem, match=r"Trying failed \(ERROR: no such thing\)\. Look there\."):
        commands.run(["sh", "-c", "echo 'ERROR: no such thing' >&2; exit 3"], what="Trying", hint="Look there.")


def test_a_port_in_use_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        with pytest.raises(SetupProblem, match="already in use"):
            ports.require_free_port(patience=0)


@pytest.mark.parametrize("given", ["http", "0", "65536", "-1"])
def test_a_port_that_is_no_port_is_one_clear_sentence(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", given)
    with pytest.raises(SetupProblem, match="is no port number"):
        ports.port()


def test_another_python_is_refused_by_name() -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 12, 1); runpy.run_module('bootstrap', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", pretend], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Python 3.11, and this is Python 3.12" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_command_is_refused_with_the_known_ones() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bootstrap", "nonsense"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "choose one of setup, run" in done.stderr
