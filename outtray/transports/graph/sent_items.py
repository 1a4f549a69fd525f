"""Whether a message lies in the mailbox that sent it, found by its Message-ID.

Graph saves whatever it sends, so absence can be believed; but only where another message that
left by this mailbox, the witness, is found by the same search. Otherwise a mailbox that was
cleared, or whose Message-IDs were changed, would look like an email that never left.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from outtray.transports.base import Failure, Found, Search, Stage, Trace, Trouble
from outtray.transports.graph.client import Client
from outtray.transports.graph.lookup import messages_of
from outtray.transports.graph.scopes import READ, May, may
from outtray.transports.web_failures import own_failure


class _Seen(Enum):
    SENT = "sent"
    DRAFT = "draft"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class _Look:
    seen: _Seen
    where: str = ""


def find_sent(client: Client, trace: Trace, *, witness: Trace | None) -> Search:
    """Look for a message, and for the witness where it is not found."""
    token = client.token()
    if isinstance(token, Failure):
        return _cannot(token)
    if may(token, READ) is May.NO:
        text = "without the permission Mail.ReadWrite or Mail.Read the Sent Items cannot be read"
        return _cannot(own_failure(Trouble.SETTINGS, text, stage=Stage.SCOPES))
    look = _look(client, trace.message_id)
    if isinstance(look, Failure):
        return _cannot(look)
    if look.seen is _Seen.SENT:
        return Search(Found.FOUND, f"It lies in {look.where}.")
    if look.seen is _Seen.DRAFT:
        return Search(Found.CANNOT_TELL, "It lies among the drafts, from where it may yet leave.")
    return _absence(client, witness)


def _absence(client: Client, witness: Trace | None) -> Search:
    other = _look(client, witness.message_id) if witness else _Look(_Seen.NOWHERE)
    if isinstance(other, Failure):
        return _cannot(other)
    if other.seen is _Seen.SENT:
        return Search(Found.ABSENT, "It is not in the mailbox, where others are.")
    told = "It is not in the mailbox, but none that left before was found there either."
    return Search(Found.CANNOT_TELL, told)


def _look(client: Client, message_id: str) -> _Look | Failure:
    """In the Sent Items first, then wherever a person or a rule may have moved it."""
    sent = _found(client, f"{client.mailbox}/mailFolders/sentitems/messages", message_id)
    if isinstance(sent, Failure):
        return sent
    if _Seen.SENT in sent:
        return _Look(_Seen.SENT, "the Sent Items")
    anywhere = _found(client, f"{client.mailbox}/messages", message_id)
    if isinstance(anywhere, Failure):
        return anywhere
    if _Seen.SENT in anywhere:
        return _Look(_Seen.SENT, "the mailbox")
    return _Look(_Seen.DRAFT if anywhere else _Seen.NOWHERE)


def _found(client: Client, path: str, message_id: str) -> list[_Seen] | Failure:
    found = messages_of(client, path, message_id)
    if isinstance(found, Failure):
        return found
    return [_Seen.DRAFT if each.is_draft else _Seen.SENT for each in found]


def _cannot(failure: Failure) -> Search:
    told = failure.text[:1].upper() + failure.text[1:]
    return Search(Found.CANNOT_TELL, told.rstrip(".") + ".", failure)
