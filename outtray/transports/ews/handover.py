"""One message's way out: laid down, looked at, sent.

1. The message is saved as a draft, with its exact MIME, in place of one that an earlier try
   may have left behind.
2. The recipients that the draft has are read back. Where they are not the envelope's, they
   are set once more; where that does not help either, nothing is sent.
3. It is sent: the only step that cannot be taken back.

Until then every no means that nothing was sent, and the draft is taken away again. An error
in the last step that may hide a success is settled by a look whether the draft still waits.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from outtray.mail.envelope import Envelope
from outtray.transports.base import Accepted, Failure, Scope, Stage, Trouble, Unanswered, Verdict
from outtray.transports.ews.failures import Denied, Name, own_failure
from outtray.transports.ews.parties import Parties, addressing_of

if TYPE_CHECKING:
    from outtray.transports.ews.client import Client, Draft


def hand_over(
    client: Client, envelope: Envelope, message: bytes, *, before_content: Callable[[], None]
) -> Verdict:
    """Hand one message over: the same verdict for all recipients of the envelope."""
    draft = lay_down(client, envelope, message)
    if isinstance(draft, Failure):
        return draft
    try:
        before_content()
    except BaseException:
        _take_away(client, draft)
        raise
    return send(client, draft)


def lay_down(client: Client, envelope: Envelope, message: bytes) -> Draft | Failure:
    """A draft that would go to just the envelope's recipients, or no draft at all."""
    addressing = addressing_of(message, envelope)
    draft = None
    try:
        _clear(client, addressing.message_id)
        draft = client.save_draft(
            message, addressing.parties, as_properties=not addressing.as_headers_say
        )
        return _addressed(client, draft, addressing.parties)
    except Denied as denied:
        if draft and denied.failure.identifier != Name.LOGIN:
            _take_away(client, draft)
        return denied.failure


def send(client: Client, draft: Draft) -> Verdict:
    """Send it: from here on nothing can be taken back."""
    try:
        client.send(draft)
    except Denied as denied:
        if not denied.is_certain and not _still_waits(client, draft, denied):
            return Unanswered(denied.failure.text)
        if denied.failure.identifier not in {Name.LOGIN, Name.LOCKED}:
            _take_away(client, draft)
        return denied.failure
    return Accepted("sent by Exchange, with a copy in Sent Items")


def _clear(client: Client, message_id: str) -> None:
    """Take away what a process left that died before it could send."""
    left = client.find_draft(message_id) if message_id else None
    if left is None:
        return
    if client.look_at(left).is_waiting:
        client.delete(left)
        return
    text = "an earlier try of this message is still on its way"
    raise _not_this_one(Trouble.NONE, text, is_temporary=True)


def _addressed(client: Client, draft: Draft, wanted: Parties) -> Draft:
    found = client.look_at(draft)
    if wanted.is_kept_by(found.parties or Parties()):
        return found
    found = client.look_at(client.address(found, wanted))
    if wanted.is_kept_by(found.parties or Parties()):
        return found
    text = "the server keeps other recipients than it is told, so nothing was sent"
    raise _not_this_one(Trouble.MESSAGE_MALFORMED, text, identifier=Name.RECIPIENTS)


def _not_this_one(
    trouble: Trouble, text: str, *, is_temporary: bool = False, identifier: str = ""
) -> Denied:
    """What stops this message, and no other."""
    failure = own_failure(trouble, text, stage=Stage.RECIPIENT, identifier=identifier)
    failure = replace(failure, scope=Scope.MESSAGE, is_temporary=is_temporary)
    return Denied(failure, is_certain=True, was_answered=True)


def _still_waits(client: Client, draft: Draft, denied: Denied) -> bool:
    """Whether the draft lies there unsent. A server that has not answered may still be at it."""
    if not denied.was_answered:
        return False
    try:
        return client.look_at(draft).is_waiting
    except Denied:
        return False


def _take_away(client: Client, draft: Draft) -> None:
    with suppress(Denied):
        client.delete(draft)
