"""How the system and the databases say that a disk is full."""

from __future__ import annotations

import errno
import sqlite3

_SYSTEM = frozenset({errno.ENOSPC, errno.EDQUOT})
# SQLite says the second where the file that its processes share cannot grow.
_SQLITE = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
_POSTGRESQL = "53100"


def is_full(problem: BaseException | None) -> bool:
    """True if this, or what it was raised from or upon, means that there is no room."""
    if problem is None:
        return False
    if getattr(problem, "errno", None) in _SYSTEM:
        return True
    if getattr(problem, "sqlite_errorcode", None) in _SQLITE:
        return True
    if getattr(problem, "sqlstate", None) == _POSTGRESQL:
        return True
    return is_full(problem.__cause__ or problem.__context__)
