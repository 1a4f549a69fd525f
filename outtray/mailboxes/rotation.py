"""A fresh key for the ring, and every stored secret sealed anew with it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from outtray.lib.sealing import CannotOpen, KeyRing, rotated, save_ring
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Credential, OAuthApp


def rotate(*, at: datetime) -> tuple[int, int]:
    """Seal with a new key from now on; say how many were sealed anew, and how many not.

    Old keys stay in the ring, because backups need them. A secret that cannot be opened, or
    that is changed in the same moment, is left as it is. Rotating again does what was left.
    """
    fresh = rotated(ring())
    save_ring(fresh, settings.KEY_RING_FILE)
    credentials = Credential.objects.exclude(key_id=fresh.current).select_related("mailbox")
    apps = OAuthApp.objects.exclude(key_id=fresh.current)
    done = [
        *(_seal_anew(one, one.mailbox.sealing_context, fresh, at=at) for one in credentials),
        *(_seal_anew(app, app.sealing_context, fresh, at=at) for app in apps),
    ]
    return done.count(True), done.count(False)


def _seal_anew(row: Credential | OAuthApp, context: str, keys: KeyRing, *, at: datetime) -> bool:
    try:
        secret = keys.open(bytes(row.sealed), context=context)
    except CannotOpen:
        return False
    unchanged = type(row)._default_manager.filter(pk=row.pk, changed_at=row.changed_at)
    return bool(
        unchanged.update(
            sealed=keys.seal(secret, context=context), key_id=keys.current, changed_at=at
        )
    )
