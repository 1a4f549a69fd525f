"""A fresh key for the ring, and every stored password sealed anew with it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from outtray.lib.sealing import CannotOpen, KeyRing, rotated, save_ring
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Credential


def rotate(*, at: datetime) -> tuple[int, int]:
    """Seal with a new key from now on; say how many were sealed anew, and how many not.

    Old keys stay in the ring, because backups need them. A password that cannot be opened, or
    that is changed in the same moment, is left as it is. Rotating again does what was left.
    """
    fresh = rotated(ring())
    save_ring(fresh, settings.KEY_RING_FILE)
    stored = Credential.objects.exclude(key_id=fresh.current).select_related("mailbox")
    done = [_seal_anew(credential, fresh, at=at) for credential in stored]
    return done.count(True), done.count(False)


def _seal_anew(credential: Credential, keys: KeyRing, *, at: datetime) -> bool:
    context = credential.mailbox.sealing_context
    try:
        secret = keys.open(bytes(credential.sealed), context=context)
    except CannotOpen:
        return False
    unchanged = Credential.objects.filter(pk=credential.pk, changed_at=credential.changed_at)
    return bool(
        unchanged.update(
            sealed=keys.seal(secret, context=context), key_id=keys.current, changed_at=at
        )
    )
