"""Wake delivery for an email that has just become due."""

from __future__ import annotations

from uuid import UUID

from outtray.mailboxes.waking import wake_mailbox
from outtray.outbox.models import Email
from outtray.outbox.states import Lane


def wake_for(email_id: UUID) -> None:
    """Call it inside the transaction that makes the email due."""
    row = Email.objects.values_list("mailbox_id", "company_id", "lane").get(pk=email_id)
    mailbox_id, company_id, lane = row
    wake_mailbox(mailbox_id, company_id, urgent=lane == Lane.INTERACTIVE)
