"""What an answer of the Gmail API means, and for whom.

developers.google.com/workspace/gmail/api/guides/handle-errors
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from outtray.transports.apis import failure_from_api
from outtray.transports.base import Failure, Scope, Stage
from outtray.transports.web import Answer
from outtray.transports.web_failures import phrase, until, wait_told

_MAX_WORDS = 500

# A whole account is throttled for longer than one message should wait and be tried.
_LONG = 60.0  # seconds
# As in: User-rate limit exceeded. Retry after 2026-11-23T11:16:42.247Z (Mail sending)
_RETRY_AFTER = re.compile(r"retry after (\d{4}-\d\d-\d\dT[\d:.]+)Z", re.IGNORECASE)
_SENDING_LIMIT = re.compile(r"\(mail sending\)|\bdaily\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Error:
    """What the body of a refusal says."""

    message: str = ""
    reason: str = ""


def failure_from_answer(answer: Answer, *, stage: Stage) -> Failure:
    """Say what a refusal means, and for whom.

    A 401 concerns the token, whatever it was for. A throttled account rests as a whole: each
    further try of another message would only prolong it.
    """
    error = _error(answer)
    wait = _wait(answer, error.message)
    failure = failure_from_api(
        answer.status,
        error.message[:_MAX_WORDS] or phrase(answer.status),
        stage=Stage.TOKEN if answer.status == HTTPStatus.UNAUTHORIZED else stage,
        identifier=error.reason,
        retry_after=wait,
    )
    is_throttled = failure.scope is Scope.SERVER and failure.is_temporary
    if is_throttled and (wait > _LONG or _SENDING_LIMIT.search(failure.text)):
        return replace(failure, scope=Scope.MAILBOX)
    return failure


def _error(answer: Answer) -> _Error:
    """The reason that Google gives in its older form, else that of google.rpc.ErrorInfo."""
    told = answer.json()
    error = told.get("error") if isinstance(told, dict) else None
    if not isinstance(error, dict):
        return _Error()
    entries = [
        *_entries(error, "errors"),
        *_entries(error, "details"),
        {"reason": error.get("status")},
    ]
    reasons = (entry.get("reason") for entry in entries)
    reason = next((reason for reason in reasons if isinstance(reason, str) and reason), "")
    message = " ".join(str(error.get("message") or "").split())
    return _Error(message, reason)


def _entries(error: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    entries = error.get(name)
    return [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []


def _wait(answer: Answer, message: str) -> float:
    """Seconds, at most a day: as the text says by the server's clock, else as the header does."""
    named = _RETRY_AFTER.search(message)
    return (until(_moment(named[1]), answer) if named else 0) or wait_told(answer)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None
