"""The program behind `make run`: starts the servers, the site and its workers, watches them, and stops them all.

Order of start: PostgreSQL and Valkey together, then `manage.py prepare` (up to the first indicators), then the web
server alone, so that nothing competes with its first page, then worker and beat; the site is announced once that page
has been answered. Stopping goes the other way round.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import multiprocessing
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType

from bootstrap import ports
from bootstrap.commands import Step, say
from bootstrap.places import CHECKOUT
from bootstrap.problems import SetupProblem, disk_is_full, told_in_one_sentence
from zaitaku.embedded import Servers, Services
from zaitaku.processes import Child, dying_with, wait_until

FIRST_PAGE_SECONDS = 90.0
# `make check` has run Django's checks; run again by worker and beat they would import every page into both.
CELERY = {"CELERY_SKIP_CHECKS": "1"}
# A program that dies this often within the period is not started again: something is wrong with it.
DEATHS_ALLOWED, DEATHS_PERIOD = 5, 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Stop(BaseException):
    """The person or the system asked us to stop."""


def state_folder() -> Path:
    """Where everything the site writes goes."""
    return Path(os.environ.get("ZAITAKU_STATE") or CHECKOUT / "var").resolve()


@contextlib.contextmanager
def _stopping_on_signals() -> Iterator[None]:
    """The first signal stops the site; while it is stopping further ones change nothing."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise _Stop

    for number in STOP_SIGNALS:
        signal.signal(number, stop)
    with contextlib.suppress(_Stop):
        yield


@contextlib.contextmanager
def _only_one(state: Path) -> Iterator[None]:
    """Hold the state folder's lock; the system lets go of it even if we are killed."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "supervisor.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise SetupProblem(
                f"Zaitaku already runs from this folder ({lock.read().strip() or 'starting'}): stop it first.",
                "このフォルダーの Zaitaku はすでに動いています。",
            ) from error
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, http://{ports.host()}:{ports.port()}/")
        lock.flush()
        yield


def _secret_key(state: Path) -> str:
    """Django's key, made on first use: sessions survive a restart."""
    path = state / "secret_key"
    if not path.is_file():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def site_environment(state: Path, services: Services) -> dict[str, str]:
    """What every process of the site gets."""
    key = os.environ.get("ZAITAKU_SECRET_KEY") or _secret_key(state)
    return {"ZAITAKU_STATE": str(state), "ZAITAKU_SECRET_KEY": key, **services.environment()}


def manage(*arguments: str, environment: Mapping[str, str], interactive: bool = False) -> None:
    """Run a management command to its end, its words on our own output.

    Unless it is `interactive` it is in a session of its own: Ctrl-C then reaches us alone, and we end it.
    """
    done = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        stdin=None if interactive else subprocess.DEVNULL,
        start_new_session=not interactive,
        preexec_fn=dying_with(os.getpid(), signal.SIGKILL),
        check=False,
    )
    if done.returncode != 0:
        raise SetupProblem(
            f"manage.py {' '.join(arguments)} failed; its reason is above.",
            f"manage.py {' '.join(arguments)} に失敗しました。理由は上の行にあります。",
        )


def worker(state: Path, environment: Mapping[str, str]) -> Child:
    """A Celery worker that does two tasks at once, so that a short one does not wait behind a long one."""
    pool = "prefork" if _has_semaphores() else "threads"
    command = [sys.executable, "-m", "celery", "--app", "zaitaku.celery", "worker", "--concurrency", "2"]
    command += ["--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--pool", pool]
    # Killed, not asked: a worker deaf to signals (it is starting, or computes) would outlive everything. Its pool goes
    # with it (zaitaku.celery), and the job is picked up again by its heartbeat.
    log = state / "log" / "worker.log"
    return Child("worker", command, log, {**environment, **CELERY}, folder=CHECKOUT, orphaned=signal.SIGKILL)


def _has_semaphores() -> bool:
    """Whether processes can share a lock: not where /dev/shm is missing or closed to us, as in a bare chroot."""
    try:
        multiprocessing.Lock()
    except OSError:
        return False
    return True


def beat(state: Path, environment: Mapping[str, str]) -> Child:
    """Celery's clock for the periodic tasks."""
    command = [sys.executable, "-m", "celery", "--app", "zaitaku.celery", "beat", "--loglevel", "WARNING"]
    command += ["--schedule", str(state / "celerybeat-schedule"), "--pidfile", ""]
    return Child("beat", command, state / "log" / "beat.log", {**environment, **CELERY}, folder=CHECKOUT)


def web(state: Path, environment: Mapping[str, str], *, host: str, port: int) -> Child:
    """Granian in WSGI mode, as in production."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "5s", "zaitaku.wsgi:application"]
    return Child("web server", command, state / "log" / "web.log", environment, folder=CHECKOUT)


def _first_page_status(host: str, port: int) -> int:
    """HTTP status of the home page, 0 while nothing answers."""
    # One long wait instead of several short ones: a request that is given up is begun anew by a process that has not
    # imported anything yet, so that on a busy machine none would ever be answered.
    address = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
    connection = http.client.HTTPConnection(address, port, timeout=FIRST_PAGE_SECONDS)
    try:
        # As a proxy in front would say it, or production settings would only redirect to HTTPS.
        connection.request("GET", "/", headers={"X-Forwarded-Proto": "https"})
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def wait_for_first_page(site: Child, *, host: str, port: int) -> None:
    """Until the home page answers 200."""

    def answers() -> bool:
        if not site.is_alive:
            raise SetupProblem(_log_of(site), "Web サーバーを起動できませんでした。")
        status = _first_page_status(host, port)
        if status >= 400:
            raise SetupProblem(
                f"The first page answers {status}. {_log_of(site)}", "最初のページでエラーになりました。"
            )
        return status == 200

    if not wait_until(answers, seconds=FIRST_PAGE_SECONDS, every=0.1):
        raise SetupProblem(_log_of(site), "Web サーバーが応答しません。")


def _log_of(child: Child) -> str:
    return f"The {child.name} does not work; the end of {child.log}:\n{child.last_words()}"


class Watch:
    """Starts again what died by itself; gives up on what keeps dying."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.deaths: dict[str, list[float]] = {child.name: [] for child in children}

    def forever(self) -> None:
        """Look twice a second until a signal ends it."""
        while True:
            for child in self.children:
                if not child.is_alive:
                    self._start_again(child)
            time.sleep(0.5)

    def _start_again(self, child: Child) -> None:
        now = time.monotonic()
        recent = [moment for moment in self.deaths[child.name] if now - moment < DEATHS_PERIOD]
        self.deaths[child.name] = [*recent, now]
        if "No space left on device" in child.last_words():
            raise disk_is_full(child.log.parent)
        if len(recent) >= DEATHS_ALLOWED:
            raise SetupProblem(_log_of(child), f"{child.name} が繰り返し停止するため、終了します。")
        say(f"· {child.name} stopped by itself and is started again (log: {child.log})")
        child.wait_or_kill(patience=0)
        child.start()


def _start(child: Child) -> None:
    child.log.unlink(missing_ok=True)
    child.start()


def _stop_all(site: list[Child], servers: Servers) -> None:
    for child in site:
        child.ask_to_stop()
    for child in site:
        child.wait_or_kill(patience=10)
    servers.stop()


def _publish(state: Path, services: Services) -> Path:
    """Let `manage.py` in another terminal find the servers (zaitaku.settings reads this file)."""
    path = state / "services.json"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(services.environment(), file)
    return path


@contextlib.contextmanager
def _served(state: Path) -> Iterator[tuple[Servers, dict[str, str]]]:
    """The state folder locked and its servers running; both let go of at the end."""
    with _only_one(state):
        servers = Servers(state)
        try:
            with Step("starting PostgreSQL and Valkey"):
                services = servers.start()
            yield servers, site_environment(state, services)
        finally:
            servers.stop()


def run_site() -> None:
    """Everything `make run` does after set-up; returns when asked to stop."""
    state, host, port = state_folder(), ports.host(), ports.port()
    ports.require_free_port()
    with _stopping_on_signals(), _served(state) as (servers, environment):
        site: list[Child] = []
        published = _publish(state, Services(environment["DATABASE_URL"], environment["REDIS_URL"]))
        try:
            manage("prepare", environment=environment)
            serving = {**environment, "DATABASE_URL": environment.get("DATABASE_SITE_URL", environment["DATABASE_URL"])}
            site += [web(state, serving, host=host, port=port), worker(state, serving), beat(state, serving)]
            _start(site[0])
            wait_for_first_page(site[0], host=host, port=port)
            for child in site[1:]:
                _start(child)
            say(f"Zaitaku is ready: http://{host}:{port}/")
            Watch([*site, *servers.children()]).forever()
        finally:
            say("· stopping …")
            _stop_all(site, servers)
            published.unlink(missing_ok=True)
    say("· stopped; the data is kept")


def run_management_command(arguments: list[str]) -> None:
    """`make manage`: with the running site's servers, or with servers of its own for as long as the command takes."""
    state = state_folder()
    with _stopping_on_signals():
        if (state / "services.json").is_file() and _is_running(state):
            manage(*arguments, environment={"ZAITAKU_STATE": str(state)}, interactive=True)
            return
        with _served(state) as (_, environment):
            manage(*arguments, environment=environment, interactive=True)


def _is_running(state: Path) -> bool:
    with (state / "supervisor.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def main(arguments: list[str]) -> None:
    """`run`, or `manage COMMAND …`."""
    os.chdir(CHECKOUT)
    if arguments[:1] == ["manage"]:
        run_management_command(arguments[1:])
    else:
        run_site()


if __name__ == "__main__":
    with told_in_one_sentence():
        main(sys.argv[1:])
