"""The one-time link of the first start: who holds it makes the first company.

`serve` prints it, so that it reaches only those who can read the machine's own console.
Its digest lies beside the keys; it ends when the first company is there.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from django.conf import settings

from outtray.people.models import Company


def new_setup_token() -> str | None:
    """A fresh token, which ends any earlier one; None once there is a company."""
    if Company.objects.exists():
        _file().unlink(missing_ok=True)
        return None
    token = secrets.token_urlsafe(24)
    path = _file()
    path.touch(mode=0o600)
    path.write_text(_digest(token))
    return token


def is_setup_token(token: str) -> bool:
    """Whether this token may make the first company now."""
    if Company.objects.exists():
        return False
    try:
        kept = _file().read_text()
    except FileNotFoundError:
        return False
    return hmac.compare_digest(kept, _digest(token))


def forget_setup_token() -> None:
    """End the link: it has been used."""
    _file().unlink(missing_ok=True)


def _file() -> Path:
    path: Path = settings.SECRET_KEY_FILE
    return path.with_name("setup-token")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
