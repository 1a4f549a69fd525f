"""Validate: the same steps as for sending, one at a time, each with what it found."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from outtray.mail.envelope import Envelope
from outtray.transports.base import (
    Accepted,
    Failure,
    Finding,
    Route,
    Scope,
    Source,
    Stage,
    Trouble,
    Unanswered,
)
from outtray.transports.gmail import opening as way
from outtray.transports.gmail import scopes
from outtray.transports.gmail.api import get
from outtray.transports.gmail.failures import failure_from_answer
from outtray.transports.gmail.opening import Opening, Passed, same_account
from outtray.transports.gmail.patience import Patience
from outtray.transports.gmail.session import hand_over
from outtray.transports.web import NoAnswer
from outtray.transports.web_failures import failure_from_no_answer, own_failure


def probe(
    route: Route, envelope: Envelope, message: bytes, *, patience: Patience
) -> Iterator[Finding]:
    """Walk through all stages and hand over one test message; ends at the first failure."""
    started = time.monotonic()
    opening = way.begin(route, patience)
    if isinstance(opening, Failure):
        yield _finding(Stage.SETTINGS, started, opening)
        return
    yield _finding(Stage.SETTINGS, started, Passed("the settings are complete"))
    try:
        yield from _walk(opening, envelope, message)
    finally:
        opening.api.close()


def _walk(opening: Opening, envelope: Envelope, message: bytes) -> Iterator[Finding]:
    for stage, step in (*way.STEPS, (Stage.MAILBOX, _look_at_mailbox)):
        started = time.monotonic()
        finding = _finding(stage, started, step(opening))
        yield finding
        if not finding.ok:
            return
    started = time.monotonic()
    yield _finding(Stage.SEND, started, _send(opening, envelope, message))


def _finding(stage: Stage, started: float, taken: Passed | Failure) -> Finding:
    milliseconds = round((time.monotonic() - started) * 1000)
    if isinstance(taken, Failure):
        return Finding(stage, milliseconds, taken.text, failure=taken)
    return Finding(stage, milliseconds, taken.detail, facts=taken.facts)


def _look_at_mailbox(opening: Opening) -> Passed | Failure:
    """What is granted for sending alone does not let the mailbox be seen."""
    not_connected = opening.api.connect()
    if not_connected:
        return not_connected
    if not scopes.may(opening.token.scopes, scopes.PROFILE):
        return Passed("Google answers; with the right to send alone the mailbox cannot be seen")
    profile = _seen(opening, "profile")
    if isinstance(profile, Failure):
        return profile
    owner, sender = str(profile.get("emailAddress", "")), str(opening.route.sender)
    if same_account(owner, sender):
        return Passed(f"this is the mailbox of {owner}")
    if not scopes.may(opening.token.scopes, scopes.ALIASES):
        return Passed(
            f"this is the mailbox of {owner}; whether it may send as {sender} is not seen"
        )
    return _look_at_alias(opening, owner, sender)


def _look_at_alias(opening: Opening, owner: str, sender: str) -> Passed | Failure:
    """Of an alias that Gmail does not know, or that was not confirmed, it makes its own address."""
    listed = _seen(opening, "settings/sendAs")
    if isinstance(listed, Failure):
        return listed
    aliases = listed.get("sendAs")
    known = aliases if isinstance(aliases, list) else []
    if any(_is_confirmed(alias, sender) for alias in known if isinstance(alias, dict)):
        return Passed(f"this is the mailbox of {owner}, which may send as {sender}")
    return Failure(
        stage=Stage.MAILBOX,
        scope=Scope.SENDER,
        is_temporary=False,
        source=Source.LOCAL,
        text=f"{owner} may not send as {sender}: Gmail lists no such confirmed address",
    )


def _is_confirmed(alias: Mapping[str, Any], sender: str) -> bool:
    status = alias.get("verificationStatus", "accepted")  # the account's own address has none
    return status == "accepted" and same_account(str(alias.get("sendAsEmail", "")), sender)


def _seen(opening: Opening, path: str) -> Mapping[str, Any] | Failure:
    """Something of the mailbox."""
    api = opening.api
    answer = api.ask(get(path), seconds=api.patience.look)
    if isinstance(answer, Failure):
        return answer
    if isinstance(answer, NoAnswer):
        return failure_from_no_answer(answer, stage=Stage.MAILBOX)
    if not answer.is_good:
        return failure_from_answer(answer, stage=Stage.MAILBOX)
    told = answer.json()
    if isinstance(told, dict):
        return told
    return own_failure(
        Trouble.NOT_A_MAIL_SERVER, "Google's answer is none of the Gmail API's", stage=Stage.MAILBOX
    )


def _send(opening: Opening, envelope: Envelope, message: bytes) -> Passed | Failure:
    verdict = hand_over(opening.api, envelope, message, before_content=lambda: None)
    match verdict:
        case Accepted(reply):
            return Passed(reply)
        case Unanswered(text):
            return own_failure(Trouble.TIMED_OUT, text, stage=Stage.SEND, source=Source.NETWORK)
        case Failure():
            return verdict
