"""PostgreSQL and Valkey from wheels: closed to strangers, and nothing committed is ever lost."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from bootstrap.problems import SetupProblem
from zaitaku import embedded
from zaitaku.embedded import Servers, Services
from zaitaku.processes import free_port


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """A state folder that nobody else can enter, as below /root."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    yield closed / "state"
    embedded.remove(closed / "state")


def _client(services: Services) -> Any:
    return redis.Redis.from_url(services.redis_url)


def test_what_was_committed_survives_a_killed_database_and_broker(state: Path) -> None:
    servers = Servers(state, given={})
    services = servers.start()
    with psycopg.connect(services.database_url) as connection:
        connection.execute("CREATE TABLE kept (figure integer)")
        connection.execute("INSERT INTO kept VALUES (42)")
    with _client(services) as client:
        client.set("queued", "task")
    for child in servers.children():
        os.killpg(child.pid, signal.SIGKILL)
        child.wait_or_kill(patience=5)

    again = Servers(state, given={})
    services = again.start()
    try:
        with psycopg.connect(services.database_url) as connection:
            assert connection.execute("SELECT figure FROM kept").fetchall() == [(42,)]
        with _client(services) as client:
            assert client.get("queued") == b"task"
    finally:
        again.stop()


def test_neither_server_lets_in_a_client_without_its_password(state: Path) -> None:
    with embedded.scratch_servers(state, given={}) as services:
        without = psycopg.conninfo.make_conninfo(services.database_url, password="guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(without)
        stranger: Any = redis.Redis.from_url("redis://" + services.redis_url.rpartition("@")[2])
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_passwords_are_readable_by_their_owner_alone(state: Path) -> None:
    with embedded.scratch_servers(state, given={}):
        secrets = list(embedded.home_of(state).glob("*.password"))
        assert len(secrets) == 3  # of the owner, of the role of the site, of the broker
        assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}


def test_the_site_has_a_role_of_its_own_that_owns_nothing(state: Path) -> None:
    with embedded.scratch_servers(state, given={}) as services, psycopg.connect(services.site_url) as connection:
        assert connection.execute(
            "SELECT current_user, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone() == ("zaitaku_site", False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE public.mine (id int)")


def test_an_interrupted_initialisation_leaves_no_half_database(state: Path) -> None:
    home = embedded.home_of(state)
    (home / "postgres.new").mkdir(parents=True)
    (home / "postgres.new" / "half").write_text("")
    with embedded.scratch_servers(state, given={}) as services, psycopg.connect(services.database_url) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert not (home / "postgres.new").exists()


def test_text_sorts_by_code_point_on_every_machine(state: Path) -> None:
    with embedded.scratch_servers(state, given={}) as services, psycopg.connect(services.database_url) as connection:
        rows = connection.execute("SELECT c FROM unnest(%s::text[]) AS c ORDER BY c", [list("亜カあ一Aア")]).fetchall()
        assert "".join(row[0] for row in rows) == "Aあアカ一亜"


def test_an_unreachable_database_url_is_one_clear_sentence(tmp_path: Path) -> None:
    nowhere = f"postgresql://zaitaku:hidden@127.0.0.1:{free_port()}/zaitaku"
    servers = Servers(tmp_path, given={"DATABASE_URL": nowhere, "REDIS_URL": "redis://127.0.0.1:1/0"})
    with pytest.raises(SetupProblem, match="DATABASE_URL cannot be reached") as problem:
        servers.start()
    assert "hidden" not in problem.value.english


def test_an_unreachable_redis_url_is_one_clear_sentence(tmp_path: Path) -> None:
    database = os.environ.get("DATABASE_URL", "")
    servers = Servers(tmp_path, given={"DATABASE_URL": database, "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"})
    with pytest.raises(SetupProblem, match="REDIS_URL cannot be reached"):
        servers.start()


def test_a_full_disk_is_one_clear_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # An initdb that says what a full disk makes it say: filling a real disk would need root.
    fake = tmp_path / "bin"
    fake.mkdir()
    for name in ("initdb", "postgres"):
        (fake / name).write_text(
            "#!/bin/sh\necho 'initdb: error: could not write: No space left on device' >&2\nexit 1\n"
        )
        (fake / name).chmod(0o755)
    reachable = Path(shutil.copytree(fake, f"/tmp/zaitaku-fake-{os.getpid()}"))
    monkeypatch.setenv("PG_BIN", str(reachable))
    try:
        with pytest.raises(SetupProblem, match="is full"):
            Servers(tmp_path / "state", given={"REDIS_URL": "redis://127.0.0.1:1/0"}).start()
    finally:
        shutil.rmtree(reachable)
        embedded.remove(tmp_path / "state")
