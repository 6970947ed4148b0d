"""What an API key is made of. Pure but for the randomness."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

# A few for a few programs; more would be keys nobody remembers.
MOST_KEYS = 10
NOTED_EVERY = dt.timedelta(minutes=1)
LONGEST_SECRET = 100


def make_secret() -> str:
    """A new key: a mark that scanners for leaked keys can look for, and 256 random bits."""
    return f"zk_{secrets.token_urlsafe(32)}"


def digest_of(secret: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(secret.encode()).hexdigest()
