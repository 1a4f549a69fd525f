"""Whether we put a copy of what is sent into a mailbox's Sent folder.

Many servers do so by themselves. Where ours does is known of its provider, or was seen by
Validate; a person may decide otherwise. No copy is put where one lies already.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from outtray.mailboxes import history
from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.presets import PRESETS
from outtray.mailboxes.rights import require_change
from outtray.people.models import Membership


def keeps_copy(mailbox: Mailbox) -> bool:
    """Whether a copy is put there after each email. Without IMAP there is no folder to see."""
    if not mailbox.settings.get("imap_host"):
        return False
    if mailbox.keep_sent_copy is not None:
        return mailbox.keep_sent_copy
    return _server_files(mailbox) is False


def note_filing(mailbox: Mailbox, seen: str) -> None:
    """Remember what Validate saw: "yes", "no", or anything else for nothing new."""
    does = {"yes": True, "no": False}.get(seen)
    if does is not None:
        Mailbox.objects.filter(pk=mailbox.pk).update(seen_to_file=does)


def save_keeping(
    membership: Membership, mailbox: Mailbox, *, keep: bool | None, at: datetime
) -> Mailbox:
    """Decide about copies; None leaves it to what is known. The mailbox stays validated.

    Refuses whoever may not change the mailbox.
    """
    require_change(membership, mailbox)
    with transaction.atomic():
        others = Mailbox.objects.filter(pk=mailbox.pk).exclude(keep_sent_copy=keep)
        if keep is None:
            others = Mailbox.objects.filter(pk=mailbox.pk, keep_sent_copy__isnull=False)
        if others.update(keep_sent_copy=keep, changed_at=at):
            what = {"what": ["keep_sent_copy"]}
            history.record(
                mailbox.pk, history.Code.CHANGED, at=at, by=membership.person, detail=what
            )
    mailbox.refresh_from_db()
    return mailbox


def _server_files(mailbox: Mailbox) -> bool | None:
    """Whether its server puts what it sends into the Sent folder; None if we do not know."""
    preset = PRESETS.get(mailbox.provider)
    known = preset.saves_sent_copy if preset else None
    return mailbox.seen_to_file if known is None else known
