"""Whether a message lies in Sent Items, where Exchange files what it sends for us.

That it does not proves something only if the witness, another message that left by this
mailbox, is found by the same search. Otherwise a rule that moves, or a person who cleared the
folder, would look like an email that never left.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from outtray.transports.base import Failure, Found, Route, Search, Trace
from outtray.transports.ews.failures import Denied
from outtray.transports.ews.opening import STEPS, Stopped, begin
from outtray.transports.ews.patience import Patience

if TYPE_CHECKING:
    from outtray.transports.ews.client import Client


def find_sent(route: Route, trace: Trace, *, witness: Trace | None, patience: Patience) -> Search:
    """Look for a message, with one login."""
    opening = begin(route, patience)
    if isinstance(opening, Stopped):
        return _cannot(opening.failure)
    try:
        for _, step in STEPS:
            taken = step(opening)
            if isinstance(taken, Stopped):
                return _cannot(taken.failure)
        return _looked(opening.client, trace, witness)
    except Denied as denied:
        return _cannot(denied.failure)
    finally:
        opening.leave()


def _looked(client: Client, trace: Trace, witness: Trace | None) -> Search:
    if client.find_sent(trace.message_id):
        return Search(Found.FOUND, "It lies in Sent Items.")
    if not witness or not client.find_sent(witness.message_id):
        told = "It is not in Sent Items, but none that left before was found there either."
        return Search(Found.CANNOT_TELL, told)
    return _absent(client, trace)


def _absent(client: Client, trace: Trace) -> Search:
    """It has not left. Its draft goes too, or somebody might send that later by hand."""
    draft = client.find_draft(trace.message_id)
    if draft is None:
        return Search(Found.ABSENT, "It is not in Sent Items, where others are.")
    if not client.look_at(draft).is_waiting:
        return Search(Found.CANNOT_TELL, "It is not in Sent Items, but on its way there.")
    with suppress(Denied):
        client.delete(draft)
    return Search(Found.ABSENT, "It is not in Sent Items; it was still a draft.")


def _cannot(failure: Failure) -> Search:
    told = failure.text[:1].upper() + failure.text[1:]
    return Search(Found.CANNOT_TELL, told.rstrip(".") + ".", failure)
