"""What became of an email, said as far as it is known and no further."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from outtray.outbox.models import Email, Recipient
from outtray.outbox.states import RecipientState, State

OUTCOMES: Mapping[str, str] = {
    RecipientState.WAITING: "Not handed over yet",
    RecipientState.ACCEPTED: "Accepted by the server",
    RecipientState.FAILED: "Refused by the server, or given up",
    RecipientState.UNKNOWN: "Not known",
}
# RFC 5321 §6.1: with its yes after the content a server takes over the responsibility.
MEANINGS: Mapping[str, str] = {
    RecipientState.ACCEPTED: (
        "“Accepted by the server” means: the mail server that is named below answered yes after "
        "it had all of the message, and so took over the responsibility to deliver it or to "
        "report that it could not. It does not mean that the message reached an inbox, or that "
        "somebody read it."
    ),
    RecipientState.FAILED: (
        "“Refused by the server, or given up” means: for this recipient no server took the "
        "message. It was not delivered by this email."
    ),
    RecipientState.UNKNOWN: (
        "“Not known” means: the message was handed over, and the connection ended before an "
        "answer came. It may have been delivered, or not. This is no proof that it was."
    ),
    RecipientState.WAITING: (
        "“Not handed over yet” means: no server has been given the message for this recipient. "
        "This is no proof of sending."
    ),
}


def verdict_on(email: Email, recipients: Sequence[Recipient]) -> Iterator[str]:
    """In a sentence or two what this proves."""
    counts = {state: sum(each.state == state for each in recipients) for state in OUTCOMES}
    accepted = counts[RecipientState.ACCEPTED]
    if accepted:
        yield f"The mail server accepted this message for {_of(accepted, len(recipients))}."
    else:
        yield "No mail server is known to have accepted this message."
    if failed := counts[RecipientState.FAILED]:
        yield f"It was refused for {_of(failed, len(recipients))}."
    if unknown := counts[RecipientState.UNKNOWN]:
        yield f"It is not known what became of it for {_of(unknown, len(recipients))}."
    if waiting := counts[RecipientState.WAITING]:
        if email.state in (State.CANCELLED, State.EXPIRED):
            yield f"It was {email.state} before it was sent to {_of(waiting, len(recipients))}."
        else:
            yield f"It has not been sent yet to {_of(waiting, len(recipients))}."


def _of(count: int, total: int) -> str:
    if count == total:
        return "its recipient" if total == 1 else f"all of its {total} recipients"
    return f"{count} of its {total} recipients"
