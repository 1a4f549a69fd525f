"""What a no of an Exchange server means, and for whom."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum

from outtray.transports.apis import failure_from_api
from outtray.transports.base import Failure, Scope, Source, Stage, Trouble
from outtray.transports.egress import NoWay
from outtray.transports.web import Answer, NoAnswer
from outtray.transports.web_failures import wait_told


class Name(StrEnum):
    """The identifiers of ours, beside Exchange's own."""

    RETIRED = "EwsRetired"
    WRONG_URL = "EwsWrongUrl"
    DOMAIN_FORM = "EwsDomainForm"
    DISABLED = "EwsDisabled"
    VERSION = "EwsVersionUnknown"
    RECIPIENTS = "EwsRecipients"
    CLIENT_MISSING = "EwsClientMissing"
    LOGIN = "UnauthorizedError"
    LOCKED = "AccountLocked"


class Denied(Exception):  # noqa: N818 - a failure on its way to the one who decides
    """A request came to nothing. `is_certain`: the server has not done what was asked.

    `was_answered`: it has said something, and is not still at it.
    """

    def __init__(self, failure: Failure, *, is_certain: bool, was_answered: bool) -> None:
        super().__init__(failure.text)
        self.failure = failure
        self.is_certain = is_certain
        self.was_answered = was_answered


_PASSING = frozenset(
    {
        Trouble.NAME_SERVICE_FAILED,
        Trouble.CONNECTION_REFUSED,
        Trouble.UNREACHABLE,
        Trouble.TIMED_OUT,
        Trouble.CONNECTION_CLOSED,
        Trouble.TLS_INTERRUPTED,
    }
)
# Once a login went well there is an Exchange server, so rubbish is a passing fault.
_LATER = frozenset({Stage.MAILBOX, Stage.CONTENT, Stage.SEND})
_PASSING_LATER = _PASSING | {Trouble.NOT_A_MAIL_SERVER, Trouble.REPLY_TOO_LONG}
_MAX_WORDS = 500


def own_failure(
    trouble: Trouble,
    text: str,
    *,
    stage: Stage,
    source: Source = Source.NETWORK,
    identifier: str = "",
) -> Failure:
    """A failure that we saw ourselves. What does not pass by itself concerns the mailbox."""
    is_passing = trouble in (_PASSING_LATER if stage in _LATER else _PASSING)
    return Failure(
        stage=stage,
        scope=Scope.SERVER if is_passing else Scope.MAILBOX,
        is_temporary=is_passing,
        source=source,
        text=words(text),
        trouble=trouble,
        identifier=identifier,
    )


def failure_from_nothing(nothing: NoAnswer | NoWay, *, stage: Stage) -> Failure:
    """Say what it means that there was no answer, or no way to ask."""
    return own_failure(nothing.trouble, nothing.text, stage=stage)


def login_refused(name: str, text: str = "") -> Failure:
    """The server refused this user name with this password: final, and never tried again."""
    told = f"the server refused the login as {name}" if name else "the server refused the login"
    is_locked = "locked out" in text
    return Failure(
        stage=Stage.LOGIN,
        scope=Scope.MAILBOX,
        is_temporary=False,
        source=Source.SERVER,
        text=f"{told}: the account is locked out" if is_locked else told,
        code=401,
        identifier=Name.LOCKED if is_locked else Name.LOGIN,
    )


def failure_from_code(
    identifier: str, text: str, *, stage: Stage, status: int = 0, back_off: float = 0
) -> Failure:
    """Say what a ResponseCode of Exchange means."""
    said = f"{identifier}: {words(text)}" if identifier and identifier not in text else words(text)
    failure = failure_from_api(
        status, said, stage=stage, identifier=identifier, retry_after=back_off
    )
    return replace(failure, identifier=identifier)


def failure_from_page(answer: Answer, host: str, *, stage: Stage) -> Failure:
    """Say what it means that something other than EWS answered."""
    if answer.status == 403:
        told = f"{host} answers, but lets nobody use EWS here (403)"
        refused = failure_from_api(403, told, stage=stage, identifier=Name.DISABLED)
        return replace(refused, identifier=Name.DISABLED)
    if answer.status < 400 or answer.status in _NOT_THERE:
        return not_ews(_what_it_is(answer, host), stage=stage, status=answer.status)
    told = f"{host} answered with status {answer.status}{_title(answer)}"
    return failure_from_api(answer.status, told, stage=stage, retry_after=wait_told(answer))


def not_ews(text: str, *, stage: Stage, status: int) -> Failure:
    """What answers is not EWS. After a login there is an Exchange server, so that passes."""
    is_passing = stage in _LATER
    return Failure(
        stage=stage,
        scope=Scope.SERVER if is_passing else Scope.MAILBOX,
        is_temporary=is_passing,
        source=Source.SERVER,
        text=words(text),
        code=status,
        identifier="" if is_passing else Name.WRONG_URL,
    )


# 440 is IIS's "login time-out", with which Outlook on the web answers.
_NOT_THERE = frozenset({404, 405, 410, 440, 501})


def words(text: str) -> str:
    """A text of a server, bounded and in one line."""
    clean = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(clean.split())[:_MAX_WORDS]


def _what_it_is(answer: Answer, host: str) -> str:
    start = answer.text[:2000].lower()
    if answer.status in range(300, 400):
        goal = words(answer.headers.get("location", ""))[:200]
        return f"{host} leads elsewhere from this address ({answer.status} to {goal})"
    if answer.status == 440 or "/owa/" in start or "outlook web app" in start:
        return f"this address of {host} is Outlook on the web, not EWS ({answer.status})"
    if "definitions" in start and "wsdl" in start:
        return f"this address of {host} holds the description of EWS (WSDL), not EWS itself"
    if answer.is_good:
        return f"{host} answers with a page instead of EWS{_title(answer)}"
    return f"{host} has no EWS at this address ({answer.status}){_title(answer)}"


def _title(answer: Answer) -> str:
    found = re.search(r"<title[^>]*>([^<]{1,200})</title>", answer.text[:20_000], re.IGNORECASE)
    return f": {words(found[1])[:100]}" if found else ""
