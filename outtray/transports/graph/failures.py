"""What an answer of Graph means, and for whom; and what no answer means.

learn.microsoft.com/graph/errors, learn.microsoft.com/graph/throttling
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from outtray.transports.apis import failure_from_api
from outtray.transports.base import Failure, Scope, Source, Stage, Trouble
from outtray.transports.waits import LONGEST
from outtray.transports.web import Answer, NoAnswer

_MAX_WORDS = 500
_LONG = 60.0  # seconds; longer than one message should wait while others are tried

# Microsoft's own name is found by everybody or by nobody: where it is not, name service is at
# fault. What answers there is a web server, so rubbish is a passing fault as well.
_PASSING = frozenset(
    {
        Trouble.NAME_NOT_FOUND,
        Trouble.NAME_SERVICE_FAILED,
        Trouble.CONNECTION_REFUSED,
        Trouble.UNREACHABLE,
        Trouble.TIMED_OUT,
        Trouble.CONNECTION_CLOSED,
        Trouble.NOT_A_MAIL_SERVER,
        Trouble.REPLY_TOO_LONG,
    }
)
_STAGES: Mapping[Trouble, Stage] = {
    Trouble.SETTINGS: Stage.SETTINGS,
    Trouble.NAME_NOT_FOUND: Stage.DNS,
    Trouble.NAME_SERVICE_FAILED: Stage.DNS,
    Trouble.CERTIFICATE_EXPIRED: Stage.TLS,
    Trouble.CERTIFICATE_UNTRUSTED: Stage.TLS,
    Trouble.CERTIFICATE_OTHER_NAME: Stage.TLS,
    Trouble.TLS_TOO_OLD: Stage.TLS,
    Trouble.TLS_FAILED: Stage.TLS,
}
# What a gateway or a time-out says of a request that may well have been carried out behind it.
_GATEWAY = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT})
_VAGUE = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.INTERNAL_SERVER_ERROR})
_VAGUE_NAMES = frozenset(
    {
        "",
        "unknownerror",
        "generalexception",
        "internalservererror",
        "errorinternalservererror",
        "errortimeoutexpired",
        "errorconnectionfailed",
        "requesttimeout",
        "gatewaytimeout",
    }
)


@dataclass(frozen=True, slots=True)
class Error:
    """What the body of a refusal says. `name` is Microsoft's own for it."""

    name: str = ""
    message: str = ""


def error_in(answer: Answer) -> Error:
    """The error of an answer, in the form of OData; empty where there is none."""
    told = answer.json()
    error = told.get("error") if isinstance(told, dict) else None
    if not isinstance(error, dict):
        return Error()
    name = _word(error, "code")
    inner = error.get("innerError") or error.get("innererror")
    if not name and isinstance(inner, dict):
        name = _word(inner, "code")
    return Error(name, _word(error, "message"))


def is_vague(answer: Answer) -> bool:
    """Whether a request that was answered like this may have been carried out all the same."""
    if answer.is_good or answer.status in _GATEWAY:
        return True
    return answer.status in _VAGUE and error_in(answer).name.lower() in _VAGUE_NAMES


def failure_from(reply: Answer | NoAnswer | Failure, *, stage: Stage) -> Failure:
    """Say what it means that something was not answered as it had to be."""
    if isinstance(reply, Failure):
        return reply
    if isinstance(reply, NoAnswer):
        return failure_from_no_answer(reply, stage=stage)
    return failure_from_answer(reply, stage=stage)


def failure_from_answer(answer: Answer, *, stage: Stage) -> Failure:
    """Say what a refusal means, and for whom.

    A 401 concerns the token, whatever it was for. A mailbox that is throttled for long rests
    as a whole: each further try of another message would only prolong it.
    """
    error = error_in(answer)
    if answer.is_good:
        return _no_sense(answer, stage)
    failure = failure_from_api(
        answer.status,
        error.message[:_MAX_WORDS] or _phrase(answer.status),
        stage=Stage.TOKEN if answer.status == HTTPStatus.UNAUTHORIZED else stage,
        identifier=_challenge(answer) or error.name,
        retry_after=_wait(answer),
    )
    is_throttled = failure.scope is Scope.SERVER and failure.wait > _LONG
    return replace(failure, scope=Scope.MAILBOX) if is_throttled else failure


def failure_from_no_answer(no_answer: NoAnswer, *, stage: Stage | None = None) -> Failure:
    """Say what it means that nothing came back; without a stage, that there is no connection."""
    is_ours = no_answer.trouble in (Trouble.NOT_ALLOWED, Trouble.SETTINGS)
    return own_failure(
        no_answer.trouble,
        no_answer.text,
        stage=stage or _STAGES.get(no_answer.trouble, Stage.CONNECT),
        source=Source.LOCAL if is_ours else Source.NETWORK,
    )


def own_failure(
    trouble: Trouble, text: str, *, stage: Stage, source: Source = Source.LOCAL
) -> Failure:
    """A failure that we saw ourselves. What does not pass by itself concerns the mailbox."""
    is_passing = trouble in _PASSING
    return Failure(
        stage=stage,
        scope=Scope.SERVER if is_passing else Scope.MAILBOX,
        is_temporary=is_passing,
        source=source,
        text=text,
        trouble=trouble,
    )


def _no_sense(answer: Answer, stage: Stage) -> Failure:
    """A yes to something else than what was asked: a proxy's page, or another status."""
    return own_failure(
        Trouble.NOT_A_MAIL_SERVER,
        f"the server answered with {_phrase(answer.status)}, which is not what was asked for",
        stage=stage,
        source=Source.NETWORK,
    )


def _word(told: Mapping[str, Any], name: str) -> str:
    """A text of theirs in one line, with nothing in it that cannot be shown."""
    value = told.get(name)
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return "".join(sign for sign in text if sign.isprintable())


def _challenge(answer: Answer) -> str:
    """That more than this token is wanted, which a renewal alone does not give.

    learn.microsoft.com/entra/identity-platform/claims-challenge
    """
    wanted = "insufficient_claims" in answer.headers.get("www-authenticate", "")
    return "insufficient_claims" if wanted else ""


def _phrase(status: int) -> str:
    """What the status is called, where the body says nothing that we understand."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _wait(answer: Answer) -> float:
    """Seconds, at most a day, by Retry-After (RFC 9110 §10.2.3): a number, or a date that
    counts from the server's own clock."""
    told = answer.headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return min(float(told[:9]), LONGEST)
    until, now = _date(told), _date(answer.headers.get("date", ""))
    if not until or not now:
        return 0
    return min(max((until - now).total_seconds(), 0), LONGEST)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
