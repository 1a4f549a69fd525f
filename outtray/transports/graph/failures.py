"""What an answer of Graph means, and for whom.

learn.microsoft.com/graph/errors, learn.microsoft.com/graph/throttling
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from outtray.transports.apis import failure_from_api
from outtray.transports.base import Failure, Scope, Source, Stage, Trouble
from outtray.transports.web import Answer, NoAnswer
from outtray.transports.web_failures import (
    failure_from_no_answer,
    own_failure,
    phrase,
    wait_told,
)

_MAX_WORDS = 500
_LONG = 60.0  # seconds; longer than one message should wait while others are tried

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
        error.message[:_MAX_WORDS] or phrase(answer.status),
        stage=Stage.TOKEN if answer.status == HTTPStatus.UNAUTHORIZED else stage,
        identifier=_challenge(answer) or error.name,
        retry_after=wait_told(answer),
    )
    is_throttled = failure.scope is Scope.SERVER and failure.wait > _LONG
    return replace(failure, scope=Scope.MAILBOX) if is_throttled else failure


def _no_sense(answer: Answer, stage: Stage) -> Failure:
    """A yes to something else than what was asked: a proxy's page, or another status."""
    return own_failure(
        Trouble.NOT_A_MAIL_SERVER,
        f"the server answered with {phrase(answer.status)}, which is not what was asked for",
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
