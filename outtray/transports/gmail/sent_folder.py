"""Whether a message lies in the mailbox, as Gmail's own search tells.

To search needs a right that sending does not: `gmail.send` alone cannot, and `gmail.metadata`
does not admit the search by Message-ID. Gmail may also send under another Message-ID than it was
given. So not finding a message proves something only if another one that left by this mailbox,
the witness, is found by the same search.
"""

from __future__ import annotations

from outtray.transports.base import Failure, Found, Route, Scope, Search, Source, Stage, Trace
from outtray.transports.gmail import opening as way
from outtray.transports.gmail import scopes
from outtray.transports.gmail.api import Api, get
from outtray.transports.gmail.failures import failure_from_answer
from outtray.transports.gmail.patience import Patience
from outtray.transports.web import NoAnswer
from outtray.transports.web_failures import failure_from_no_answer


def find_sent(route: Route, trace: Trace, *, witness: Trace | None, patience: Patience) -> Search:
    """Look for a message, wherever in the mailbox it was moved to."""
    opening = way.begin(route, patience)
    if isinstance(opening, Failure):
        return _cannot(opening)
    try:
        stopped = way.walk(opening)
        if stopped:
            return _cannot(stopped)
        if not scopes.may(opening.token.scopes, scopes.SEARCHING):
            return _cannot(_NOT_GRANTED)
        return _looked(opening.api, trace, witness)
    finally:
        opening.api.close()


def _looked(api: Api, trace: Trace, witness: Trace | None) -> Search:
    holds = _holds(api, trace.message_id)
    if isinstance(holds, Failure):
        return _cannot(holds)
    if holds:
        return Search(Found.FOUND, "Gmail finds it in the mailbox.")
    seen = _holds(api, witness.message_id) if witness else False
    if isinstance(seen, Failure):
        return _cannot(seen)
    if seen:
        return Search(Found.ABSENT, "Gmail does not find it in the mailbox, but finds others.")
    return Search(
        Found.CANNOT_TELL,
        "Gmail does not find it in the mailbox, but none that left before either: it may have "
        "sent them under other Message-IDs.",
    )


def _holds(api: Api, message_id: str) -> bool | Failure:
    """Ask for it by its Message-ID (support.google.com/mail/answer/7190). A copy that came in
    proves as much as one that was filed: it left."""
    query = f"rfc822msgid:{message_id.strip('<>')} in:anywhere"
    answer = api.ask(get("messages", q=query, maxResults="1"), seconds=api.patience.look)
    if isinstance(answer, Failure):
        return answer
    if isinstance(answer, NoAnswer):
        return failure_from_no_answer(answer, stage=Stage.MAILBOX)
    if not answer.is_good:
        return failure_from_answer(answer, stage=Stage.MAILBOX)
    told = answer.json()
    return isinstance(told, dict) and bool(told.get("messages"))


_NOT_GRANTED = Failure(
    stage=Stage.SCOPES,
    scope=Scope.MAILBOX,
    is_temporary=False,
    source=Source.LOCAL,
    text="the right to send mail does not let us look into the mailbox",
    identifier="insufficientPermissions",
)


def _cannot(failure: Failure) -> Search:
    told = failure.text[:1].upper() + failure.text[1:]
    return Search(Found.CANNOT_TELL, told.rstrip(".") + ".", failure)
