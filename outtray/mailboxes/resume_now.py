"""Try a paused mailbox again at once, because a person says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from outtray.lib.errors import Refused
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.rights import require_change
from outtray.mailboxes.waking import wake_mailbox
from outtray.people.models import Membership


def can_resume(mailbox: Mailbox) -> bool:
    """Whether it would be tried again by itself at some time: then it may be tried now."""
    return mailbox.health == Health.PAUSED and mailbox.paused_until is not None


def resume_now(membership: Membership, mailbox: Mailbox, *, at: datetime) -> None:
    """Let the rest end now. The next sitting is the probe, and only its success makes it ready.

    Refused where a person must act first: a password that was refused is not tried again
    until the settings were put right and validated.
    """
    require_change(membership, mailbox)
    resting = Mailbox.objects.filter(
        pk=mailbox.pk, health=Health.PAUSED, paused_until__isnull=False
    )
    with transaction.atomic():
        if resting.update(paused_until=at):
            wake_mailbox(mailbox.pk, mailbox.company_id, urgent=True)
            return
    if Mailbox.objects.filter(pk=mailbox.pk, health=Health.PAUSED).exists():
        raise Refused("not_resumable", "Put its settings right and press Validate first.")
    raise Refused("not_paused", "This mailbox is not paused.")
