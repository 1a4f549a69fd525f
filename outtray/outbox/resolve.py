"""What becomes of an email whose outcome is unknown: by look-up, or by a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from outtray.lib.errors import Refused
from outtray.mail.address import Address
from outtray.mail.message_id import new_message_id
from outtray.mail.renewal import renewed
from outtray.outbox.copy_email import NewMessage, Receiver, copy_email
from outtray.outbox.events import Code
from outtray.outbox.late import too_late
from outtray.outbox.models import Email, Recipient
from outtray.outbox.move import move, record
from outtray.outbox.states import Reason, RecipientState, State
from outtray.outbox.waking import wake_for
from outtray.people.models import Person


def arrived(email_id: UUID, *, by: Person | None, at: datetime) -> None:
    """It arrived: count it as sent. Recipients refused for now are tried again.

    Raises Refused if the outcome is not unknown.
    """
    if not _count_as_sent(email_id, Code.ARRIVED, by=by, at=at):
        raise too_late(email_id, "counted as arrived")


def found(email_id: UUID, *, where: str, at: datetime) -> bool:
    """It lies in the Sent folder: count it as sent. False if it is no longer unknown."""
    return _count_as_sent(email_id, Code.FOUND, at=at, detail={"where": where})


def absent(email_id: UUID, *, at: datetime, why: str = "") -> bool:
    """It was provably not sent: queue it again, the same bytes. False if no longer unknown."""
    with transaction.atomic():
        if not move(
            email_id,
            (State.UNKNOWN, State.QUEUED),
            Code.ABSENT,
            at=at,
            detail={"why": why} if why else None,
            due_at=at,
            look_up_at=None,
            reason=Reason.NONE,
            reason_detail="",
        ):
            return False
        unknown = Recipient.objects.filter(email_id=email_id, state=RecipientState.UNKNOWN)
        unknown.update(state=RecipientState.WAITING, reply="", again_at=None)
        wake_for(email_id)
    return True


def look_again(email_id: UUID, *, look_up_at: datetime, why: str, at: datetime) -> bool:
    """Nothing certain was found so far: look once more then. False if no longer unknown."""
    return _note(email_id, Code.LOOKED_UP, look_up_at=look_up_at, why=why, at=at)


def ask_person(email_id: UUID, *, why: str, at: datetime) -> bool:
    """The look-up cannot tell: from now on a person is asked. False if no longer unknown."""
    return _note(email_id, Code.ASKED, look_up_at=None, why=why, at=at)


def _note(
    email_id: UUID, code: Code, *, look_up_at: datetime | None, why: str, at: datetime
) -> bool:
    with transaction.atomic():
        unknown = Email.objects.filter(pk=email_id, state=State.UNKNOWN)
        if not unknown.update(look_up_at=look_up_at, reason_detail=why[:500]):
            return False
        record(email_id, code, at=at, detail={"why": why})
    return True


def _count_as_sent(
    email_id: UUID,
    code: Code,
    *,
    at: datetime,
    by: Person | None = None,
    detail: Mapping[str, object] | None = None,
) -> bool:
    with transaction.atomic():
        recipients = Recipient.objects.filter(email_id=email_id)
        waiting = recipients.filter(state=RecipientState.WAITING).exists()
        after = State.QUEUED if waiting else State.SENT
        if not move(
            email_id,
            (State.UNKNOWN, after),
            code,
            at=at,
            by=by,
            detail=detail,
            look_up_at=None,
            reason_detail="",
        ):
            return False
        recipients.filter(state=RecipientState.UNKNOWN).update(
            state=RecipientState.ACCEPTED, settled_at=at
        )
        if waiting:
            wake_for(email_id)
    return True


def send_again(email_id: UUID, *, by: Person | None, at: datetime) -> Email:
    """Send the same letter once more, as a new email linked to this one.

    The new email has its own Message-ID and date. Raises Refused if the outcome is not
    unknown.
    """
    old = Email.objects.get(pk=email_id)
    if old.state != State.UNKNOWN:
        raise Refused("not_unknown", "Only an email whose outcome is unknown is sent again so.")
    message_id = new_message_id(Address.parse(old.envelope_sender).domain)
    content = renewed(settings.BLOBS.get(old.message), message_id=message_id, date=at)
    message = NewMessage.kept(content, message_id)
    with transaction.atomic():
        if not move(email_id, (State.UNKNOWN, State.FAILED), Code.SENT_AGAIN, at=at, by=by):
            raise too_late(email_id, "sent again")
        return copy_email(old, message, _unsettled(old), by=by, due_at=at, at=at)


def _unsettled(email: Email) -> list[Receiver]:
    return [
        Receiver(each.kind, each.address, each.name, each.reason)
        for each in email.recipients.filter(state__in=_UNSETTLED)
    ]


_UNSETTLED = (RecipientState.UNKNOWN, RecipientState.WAITING)
