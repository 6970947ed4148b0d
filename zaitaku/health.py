"""`/healthz`: whether this process reaches database and broker, for load balancers and container health checks."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache


@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 `ok`, or 503 with the names of what cannot be reached and nothing that would help an attacker."""
    failing = [name for name, works in (("database", _database_works), ("broker", _broker_works)) if not works()]
    text = f"unreachable: {', '.join(failing)}\n" if failing else "ok\n"
    return HttpResponse(text, status=503 if failing else 200, content_type="text/plain; charset=utf-8")


def _database_works() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_works() -> bool:
    import redis

    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
