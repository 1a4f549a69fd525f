"""When a mailbox that works is checked again by itself: weekly, and not all at the same time."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from outtray.mailboxes import history
from outtray.mailboxes.models import Health, Mailbox, MailboxQuerySet

# From six to eight days, each mailbox at its own distance: those that were set up together
# drift apart.
SOONEST = timedelta(days=6)
_SPREAD = 48 * 60  # minutes
# After a check that said nothing, because the server was down or the check was cut off.
LATER = timedelta(days=1)


def next_recheck(mailbox_id: UUID, at: datetime) -> datetime:
    """When a mailbox that has just passed is checked again."""
    return at + SOONEST + timedelta(minutes=mailbox_id.int % _SPREAD)


def due_for_recheck(at: datetime) -> MailboxQuerySet:
    """Those that are ready, and whose turn it is. A paused one is not tried by the way."""
    return Mailbox.objects.filter(health=Health.READY, recheck_at__lte=at)


def take_recheck(mailbox: Mailbox, *, at: datetime) -> bool:
    """Make this turn one's own; without a result there is another one a day later."""
    mine = due_for_recheck(at).filter(pk=mailbox.pk, recheck_at=mailbox.recheck_at)
    return bool(mine.update(recheck_at=at + LATER))


def note_passed(mailbox: Mailbox, fingerprint: str, *, at: datetime) -> bool:
    """It still works. False if it was changed meanwhile, or is not ready any more."""
    ready = Mailbox.objects.filter(health=Health.READY, validated_settings=fingerprint)
    with transaction.atomic():
        noted = ready.filter(pk=mailbox.pk).update(
            validated_at=at, recheck_at=next_recheck(mailbox.pk, at)
        )
        if noted:
            history.record(mailbox.pk, history.Code.VALIDATED, at=at)
    return bool(noted)
