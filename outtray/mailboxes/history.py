"""What can happen to a mailbox: its history, one line after the other, each with its sentence.

Whoever changes a mailbox writes the line in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from outtray.mailboxes.models import MailboxEvent
from outtray.people.models import Person


class Code(StrEnum):
    """The code of a line."""

    VALIDATED = "validated"
    UNVALIDATED = "unvalidated"
    CHANGED = "changed"
    PACE_CHANGED = "pace_changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    SLOWED = "slowed"
    TOLD = "told"
    SENT_FOLDER_CLOSED = "sent_folder_closed"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    END_TOLD = "end_told"


SENTENCES: Mapping[Code, str] = {
    Code.VALIDATED: "Passed Validate: it can send",
    Code.UNVALIDATED: "Must pass Validate before it sends",
    Code.CHANGED: "Its settings were changed",
    Code.PACE_CHANGED: "Given another pace",
    Code.PAUSED: "Paused: its emails wait",
    Code.RESUMED: "Sends again",
    Code.SLOWED: "Slowed down, because the server complained",
    Code.TOLD: "Somebody was told that it is paused",
    Code.CONNECTED: "Connected at its provider",
    Code.DISCONNECTED: "Disconnected from its provider",
    Code.END_TOLD: "Somebody was told that its consent ends soon",
    Code.SENT_FOLDER_CLOSED: "The login for its Sent folder was refused; not tried again so",
}


def record(
    mailbox_id: UUID,
    code: Code,
    *,
    at: datetime,
    by: Person | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write one line. `detail` holds plain values, and never a secret."""
    MailboxEvent.objects.create(
        mailbox_id=mailbox_id, code=code, at=at, by=by, detail=dict(detail or {})
    )


def last(mailbox_id: UUID, code: Code) -> datetime | None:
    """When this happened the last time, if it ever did."""
    lines = MailboxEvent.objects.filter(mailbox_id=mailbox_id, code=code)
    return lines.order_by("-id").values_list("at", flat=True).first()
