"""Send an email once more to corrected addresses: the same letter, as a new, linked email."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from outtray.documents.correct_address import correct_address
from outtray.documents.models import Party
from outtray.lib.errors import Refused
from outtray.mail.address import Address, AddressError, NamedAddress
from outtray.mail.message_id import new_message_id
from outtray.mail.renewal import readdressed
from outtray.outbox.copy_email import NewMessage, Receiver, copy_email
from outtray.outbox.events import Code
from outtray.outbox.models import Email, Recipient
from outtray.outbox.move import record
from outtray.outbox.states import Reason, RecipientState, State
from outtray.people.models import Person

OVER = (State.SENT, State.FAILED, State.CANCELLED, State.EXPIRED)


def send_corrected(
    email_id: UUID,
    corrections: Mapping[str, str],
    *,
    by: Person,
    at: datetime,
    save: bool = False,
    again: bool = False,
    undo_seconds: int = 0,
) -> Email:
    """Queue the same letter for the corrected addresses, given by those that they replace.

    Whoever has got it gets nothing. `save` writes the corrected addresses to the party, too;
    `again` allows an address that has got this very letter. Raises Refused: "still_under_way",
    "no_correction", "unknown_recipient", "wrong_address", "already_sent".
    """
    old = Email.objects.get(pk=email_id)
    if old.state not in OVER:
        raise Refused(
            "still_under_way",
            f"This email is {State(old.state).label.lower()}. Only one that has come to an end is "
            "sent to another address.",
        )
    receivers = [_corrected(old, wrong, right, by) for wrong, right in corrections.items()]
    if not receivers:
        raise Refused("no_correction", "Enter at least one corrected address.")
    if not again:
        _refuse_repeat(old, receivers)
    message = _readdressed(old, receivers, at=at)
    with transaction.atomic():
        new = copy_email(
            old,
            message,
            receivers,
            by=by,
            due_at=at + timedelta(seconds=undo_seconds),
            reason=Reason.UNDO if undo_seconds else Reason.NONE,
            at=at,
        )
        addresses = ", ".join(each.address for each in receivers)
        record(old.pk, Code.READDRESSED, at=at, by=by, detail={"why": f"to {addresses}"})
        if save:
            _save(old, corrections, by=by, at=at)
    return new


def party_of(email: Email) -> Party | None:
    """Whose addresses they are: the party of its documents, if it carries any."""
    return Party.objects.filter(documents__enclosures__email=email).order_by("pk").first()


def _corrected(email: Email, wrong: str, right: str, by: Person) -> Receiver:
    recipient = email.recipients.filter(address=wrong).first()
    if recipient is None:
        raise Refused("unknown_recipient", f"This email did not go to {wrong}.")
    try:
        address = Address.parse(right)
    except AddressError as problem:
        raise Refused(
            "wrong_address", f"{right[:100]}: {problem}.", field=f"recipient-{recipient.pk}"
        ) from problem
    return Receiver(
        recipient.kind,
        str(address),
        recipient.name,
        f"Corrected by {by.name[:60]}, instead of {wrong}",
    )


def _refuse_repeat(email: Email, receivers: list[Receiver]) -> None:
    keys = {Address.parse(each.address).key for each in receivers}
    had = email.recipients.filter(state=RecipientState.ACCEPTED)
    for recipient in had:
        if Address.parse(recipient.address).key in keys:
            raise Refused(
                "already_sent",
                f"{recipient.address} has got this email. Send it again only if that is meant.",
                email_id=str(email.pk),
            )


def _readdressed(email: Email, receivers: list[Receiver], *, at: datetime) -> NewMessage:
    message_id = new_message_id(Address.parse(email.envelope_sender).domain)
    content = readdressed(
        settings.BLOBS.get(email.message),
        to=_named(receivers, Recipient.Kind.TO),
        cc=_named(receivers, Recipient.Kind.CC),
        message_id=message_id,
        date=at,
    )
    return NewMessage.kept(content, message_id)


def _named(receivers: list[Receiver], kind: str) -> list[NamedAddress]:
    return [
        NamedAddress(each.name, Address.parse(each.address))
        for each in receivers
        if each.kind == kind
    ]


def _save(email: Email, corrections: Mapping[str, str], *, by: Person, at: datetime) -> None:
    if party := party_of(email):
        for wrong, right in corrections.items():
            correct_address(party, wrong, str(Address.parse(right)), by=by, at=at)
