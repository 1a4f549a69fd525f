"""What the machines of one installation share besides the database: stored files and keys.

A machine that lacks them would fail emails that another one can send, so it does not start.
"""

from __future__ import annotations

from django.conf import settings

from outtray.lib.blobs import BlobMissing
from outtray.lib.errors import Refused
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Credential, OAuthApp
from outtray.outbox.models import Email


def require_keys() -> None:
    """Refuse without a key ring: one that is made here would open nothing."""
    if not settings.KEY_RING_FILE.exists():
        raise Refused(
            "key_ring_missing",
            f"There is no key ring at {settings.KEY_RING_FILE}. Give this machine the data folder "
            "or the key ring of the machine that serves; OUTTRAY_KEY_RING_FILE names it.",
        )


def require_same_installation() -> None:
    """Refuse a key ring or a data folder that belongs to another installation."""
    _require_known_keys()
    _require_newest_message()


def _require_known_keys() -> None:
    sealed = (Credential.objects, OAuthApp.objects)
    used = {key for rows in sealed for key in rows.values_list("key_id", flat=True).distinct()}
    unknown = used - set(ring().keys)
    if unknown:
        raise Refused(
            "key_ring_foreign",
            f"The key ring {settings.KEY_RING_FILE} does not open the passwords in the database "
            f"(it lacks the key {min(unknown)}). All machines need the same key ring.",
        )


def _require_newest_message() -> None:
    """The newest email's bytes are in the folder that all machines share, or it is not that one."""
    newest = Email.objects.order_by("-pk").values_list("message", flat=True).first()
    if newest is None:
        return
    try:
        settings.BLOBS.get(newest)
    except BlobMissing as missing:
        raise Refused(
            "folder_not_shared",
            f"The message of the newest email is not in {settings.BLOBS.root}. All machines need "
            "the same folder there: share it between them, and see that it is mounted.",
        ) from missing
