"""What it means that a web interface gave no answer, and what all its answers have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from outtray.transports.base import Failure, Scope, Source, Stage, Trouble
from outtray.transports.waits import LONGEST
from outtray.transports.web import Answer, NoAnswer

# A provider's own name is found by everybody or by nobody: where it is not, name service is at
# fault. What answers there is a web server, so rubbish is a passing fault as well.
_PASSING = frozenset(
    {
        Trouble.NAME_NOT_FOUND,
        Trouble.NAME_SERVICE_FAILED,
        Trouble.CONNECTION_REFUSED,
        Trouble.UNREACHABLE,
        Trouble.TIMED_OUT,
        Trouble.CONNECTION_CLOSED,
        Trouble.TLS_INTERRUPTED,
        Trouble.NOT_A_MAIL_SERVER,
        Trouble.REPLY_TOO_LONG,
    }
)
_OURS = frozenset({Trouble.NOT_ALLOWED, Trouble.SETTINGS})
_STAGES: Mapping[Trouble, Stage] = {
    Trouble.SETTINGS: Stage.SETTINGS,
    Trouble.NAME_NOT_FOUND: Stage.DNS,
    Trouble.NAME_SERVICE_FAILED: Stage.DNS,
    Trouble.CERTIFICATE_EXPIRED: Stage.TLS,
    Trouble.CERTIFICATE_UNTRUSTED: Stage.TLS,
    Trouble.CERTIFICATE_OTHER_NAME: Stage.TLS,
    Trouble.TLS_TOO_OLD: Stage.TLS,
    Trouble.TLS_FAILED: Stage.TLS,
    Trouble.TLS_INTERRUPTED: Stage.TLS,
}


def failure_from_no_answer(no_answer: NoAnswer, *, stage: Stage | None = None) -> Failure:
    """Say what it means that nothing came back; without a stage, that there is no connection."""
    trouble = no_answer.trouble
    return own_failure(
        trouble,
        no_answer.text,
        stage=stage or _STAGES.get(trouble, Stage.CONNECT),
        source=Source.LOCAL if trouble in _OURS else Source.NETWORK,
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


def phrase(status: int) -> str:
    """What the status is called, where the body says nothing that we understand."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def wait_told(answer: Answer) -> float:
    """Seconds, at most a day, by Retry-After (RFC 9110 §10.2.3); 0 where it is not given.

    A date counts from the server's own clock.
    """
    told = answer.headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return min(float(told[:9]), LONGEST)
    return until(_date(told), answer)


def until(moment: datetime | None, answer: Answer) -> float:
    """Seconds from the answer's own date to that moment, at most a day; 0 where one is unknown."""
    now = _date(answer.headers.get("date", ""))
    if not moment or not now:
        return 0
    return min(max((moment - now).total_seconds(), 0), LONGEST)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
