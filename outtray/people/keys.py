"""API keys: made once, shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.people.models import ApiKey, Membership
from outtray.people.texts import line

PREFIX = "outtray_"
_SHOWN = len(PREFIX) + 8
# Telling when a key was last used need not cost a write for each request.
_NOTED_EVERY = timedelta(minutes=5)


def create_key(membership: Membership, name: str, *, at: datetime) -> tuple[ApiKey, Secret]:
    """A key that acts as this member. The secret is answered here and never again."""
    name = line(name, field="name", missing="Give the key a name that tells what uses it.")
    if len(name) > 100:
        raise Refused("bad_text", "The name has at most 100 characters.", field="name")
    text = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        membership=membership, name=name, prefix=text[:_SHOWN], digest=_digest(text), created_at=at
    )
    return key, Secret(text)


def revoke_key(membership: Membership, key: ApiKey, *, at: datetime) -> None:
    """End a key: one's own, or as administrator any of the company."""
    mine = ApiKey.objects.visible_to(membership).filter(pk=key.pk)
    if not mine.exists():
        raise Refused("no_such_key", "There is no such API key.")
    mine.filter(revoked_at__isnull=True).update(revoked_at=at)


def membership_of(key_text: str, *, at: datetime) -> Membership | None:
    """Whom a key acts for; None for a key that is unknown, revoked or of somebody who left."""
    found = known_key(key_text)
    if found is None:
        return None
    if found.last_used_at is None or found.last_used_at <= at - _NOTED_EVERY:
        ApiKey.objects.filter(pk=found.pk).update(last_used_at=at)
    return found.membership


def known_key(key_text: str) -> ApiKey | None:
    """The key of this text, if it may be used.

    It is found by its digest, so how long that takes tells nothing of the keys there are.
    """
    digest = _digest(key_text)
    usable = ApiKey.objects.filter(revoked_at__isnull=True, membership__person__is_active=True)
    found = (
        usable.select_related("membership__company", "membership__person")
        .filter(digest=digest)
        .first()
    )
    return found if found and hmac.compare_digest(found.digest, digest) else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
