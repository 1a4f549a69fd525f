"""What an answer of the Gmail API means, and for whom; and what no answer means.

developers.google.com/workspace/gmail/api/guides/handle-errors
"""

from __future__ import annotations

import re
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

# A whole account is throttled for longer than one message should wait and be tried.
_LONG = 60.0  # seconds
# As in: User-rate limit exceeded. Retry after 2026-11-23T11:16:42.247Z (Mail sending)
_RETRY_AFTER = re.compile(r"retry after (\d{4}-\d\d-\d\dT[\d:.]+)Z", re.IGNORECASE)
_SENDING_LIMIT = re.compile(r"\(mail sending\)|\bdaily\b", re.IGNORECASE)

# Google's own name is found by everybody or by nobody: where it is not, name service is at fault.
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
    Trouble.NAME_NOT_FOUND: Stage.DNS,
    Trouble.NAME_SERVICE_FAILED: Stage.DNS,
    Trouble.CERTIFICATE_EXPIRED: Stage.TLS,
    Trouble.CERTIFICATE_UNTRUSTED: Stage.TLS,
    Trouble.CERTIFICATE_OTHER_NAME: Stage.TLS,
    Trouble.TLS_TOO_OLD: Stage.TLS,
    Trouble.TLS_FAILED: Stage.TLS,
}


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
        error.message[:_MAX_WORDS] or _phrase(answer.status),
        stage=Stage.TOKEN if answer.status == HTTPStatus.UNAUTHORIZED else stage,
        identifier=error.reason,
        retry_after=wait,
    )
    is_throttled = failure.scope is Scope.SERVER and failure.is_temporary
    if is_throttled and (wait > _LONG or _SENDING_LIMIT.search(failure.text)):
        return replace(failure, scope=Scope.MAILBOX)
    return failure


def failure_from_no_answer(no_answer: NoAnswer, *, stage: Stage | None = None) -> Failure:
    """Say what it means that nothing came back; without a stage, that there is no connection."""
    trouble = no_answer.trouble
    return own_failure(
        trouble,
        no_answer.text,
        stage=stage or _STAGES.get(trouble, Stage.CONNECT),
        source=Source.LOCAL if trouble is Trouble.NOT_ALLOWED else Source.NETWORK,
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


def _phrase(status: int) -> str:
    """What the status is called, where the body says nothing that we understand."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _wait(answer: Answer, message: str) -> float:
    """Seconds, at most a day: as the header says, or as the text does by the server's clock."""
    told = answer.headers.get("retry-after", "")
    if told.isdigit():
        return min(float(told), LONGEST)
    now = _date(answer.headers.get("date", ""))
    named = _RETRY_AFTER.search(message)
    until = _moment(named[1]) if named else _date(told)
    if not now or not until:
        return 0
    return min(max((until - now).total_seconds(), 0), LONGEST)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None
