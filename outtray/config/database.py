"""Which database: a file of SQLite in the data folder, or a PostgreSQL by its URL."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from outtray.config.env import SettingError

NAME = "OUTTRAY_DATABASE_URL"
# Django's names of our connections.
POSTGRESQL = "outtray.engine.postgresql"
SQLITE = "outtray.engine.sqlite"
SCHEMES = frozenset({"postgresql", "postgres"})
# What a URL may add, in the words of PostgreSQL's own library.
OPTIONS = frozenset(
    {
        "application_name",
        "channel_binding",
        "connect_timeout",
        "gssencmode",
        "host",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "passfile",
        "require_auth",
        "sslcert",
        "sslcrl",
        "sslkey",
        "sslmode",
        "sslrootcert",
        "tcp_user_timeout",
    }
)
_DEFAULTS = {
    "application_name": "outtray",
    "connect_timeout": "10",
    # A server that vanished without a word is noticed within a minute, not within hours.
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}
PREPARE_AT = 3  # a statement that comes so often on a connection is prepared
_NEEDED = ("psycopg", "procrastinate")


def configuration(url: str, data: Path) -> dict[str, Any]:
    """Django's description of the database. No sentence of a refusal repeats the URL."""
    return {"default": _postgresql(url) if url else sqlite(data)}


def sqlite(data: Path) -> dict[str, Any]:
    """Django's description of the file in the data folder."""
    return {
        "ENGINE": SQLITE,
        "NAME": data / "outtray.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # WAL lets readers go on while one writes.
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                # Moving the log into the file costs two syncs: once in 40 MB, not in 4.
                "PRAGMA wal_autocheckpoint=10000; PRAGMA cache_size=-16000;"
            ),
        },
        "TEST": {"NAME": None},
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = _split(url)
    _require_extra()
    given = _options(parts.query)
    return {
        "ENGINE": POSTGRESQL,
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": given.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        # A connection that a restart of the server broke is noticed before its next use.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**_DEFAULTS, "prepare_threshold": PREPARE_AT, **given},
    }


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_sound = parts.scheme in SCHEMES and parts.port != 0
    except ValueError:
        is_sound = False
    if not is_sound or not parts.path.removeprefix("/"):
        raise SettingError(
            NAME, "must look like postgresql://user:password@host:5432/database, with signs "
            "such as @ : / in the password written as %40 %3A %2F"
        )  # fmt: skip
    return parts


def _options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    unknown = sorted(set(options) - OPTIONS)
    if unknown:
        raise SettingError(NAME, f"has an option that is not known: {', '.join(unknown)}")
    return options


def _require_extra() -> None:
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise SettingError(
            NAME,
            f"names a PostgreSQL database, and {' and '.join(missing)} is not installed: "
            "pip install 'outtray[postgres]'",
        )
