"""The rows of the Email Queue as the page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.urls import reverse

from outtray.outbox.ahead import ahead_of
from outtray.outbox.models import Email, Enclosure
from outtray.outbox.states import State
from outtray.outbox.why import Waiting, why_not_sent
from outtray.web.headlines import headline_of
from outtray.web.identifiers import address_of, stamp


@dataclass(frozen=True, slots=True)
class Act:
    """What can be done with emails: the noun it is posted to, and its words."""

    noun: str
    word: str
    icon: str
    tone: str = ""
    path: str = ""
    states: str = ""


CANCEL = Act("cancellation", "Cancel", "ban", "danger")
HOLD = Act("hold", "Hold", "player-pause")
RELEASE = Act("release", "Release", "player-play")
RETRY = Act("retry", "Try again", "refresh")
SEND_NOW = Act("dispatch", "Send now", "bolt")

ACTS: Mapping[str, tuple[Act, ...]] = {
    State.QUEUED: (SEND_NOW, HOLD, CANCEL),
    State.HELD: (RELEASE, CANCEL),
    State.FAILED: (RETRY,),
}


_NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class QueueRow:
    """An email, the documents it carries, what it waits for, and a stamp of all that is shown."""

    email: Email
    numbers: str
    waiting: Waiting | None
    headline: str
    acts: tuple[Act, ...]
    stamp: str
    refusal: str = ""


def rows_of(
    emails: Sequence[Email],
    *,
    is_held: bool,
    at: datetime,
    refused: Mapping[str, str] = _NOBODY,
) -> list[QueueRow]:
    """Two queries for all of them: for their documents, and for how many go before each.

    `refused` says by id what was not done.
    `is_held` tells that delivery as a whole is on hold.
    """
    numbers = _numbers([email.pk for email in emails])
    ahead = ahead_of(emails, at=at)
    rows = (
        _row(
            email,
            numbers.get(email.pk, []),
            why_not_sent(email, at=at, is_held=is_held, ahead=ahead.get(email.pk)),
            at=at,
        )
        for email in emails
    )
    return [_with_refusal(row, refused.get(str(row.email.pk), "")) for row in rows]


def bulk_acts() -> list[Act]:
    """What can be done with several at once, and in which states."""
    return [
        replace(
            act,
            path=f"{reverse('queue')}{act.noun}/",
            states=" ".join(state for state, acts in ACTS.items() if act in acts),
        )
        for act in (SEND_NOW, HOLD, RELEASE, RETRY, CANCEL)
    ]


def digest(rows: Sequence[QueueRow], *more: object) -> str:
    """The same as long as nothing that these rows show has changed."""
    return stamp([row.stamp for row in rows], *more)


def _row(
    email: Email, numbers: Sequence[str], waiting: Waiting | None, *, at: datetime
) -> QueueRow:
    acts = _acts(email, at=at)
    shown = (waiting.sentence, waiting.until) if waiting else ()
    seen = stamp(email.pk, email.state, email.state_since, email.due_at, len(acts), shown)
    return QueueRow(email, _few(numbers), waiting, _headline(email), acts, seen)


def _acts(email: Email, *, at: datetime) -> tuple[Act, ...]:
    acts = ACTS.get(email.state, ())
    if email.state == State.QUEUED and email.due_at <= at:
        acts = (HOLD, CANCEL)
    place = address_of("email", email.pk)
    return tuple(replace(act, path=f"{place}{act.noun}/") for act in acts)


def _headline(email: Email) -> str:
    """In one sentence why it failed, or that only some have got it."""
    if not email.last_failure:
        return ""
    if email.state == State.SENT:
        return "Some of its recipients were refused."
    return headline_of(email)


def _with_refusal(row: QueueRow, refusal: str) -> QueueRow:
    return replace(row, refusal=refusal, stamp="") if refusal else row


def _numbers(email_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    carried = Enclosure.objects.filter(email__in=email_ids, document__isnull=False)
    for email_id, number in carried.order_by("pk").values_list("email_id", "document__number"):
        found.setdefault(email_id, []).append(number)
    return found


def _few(numbers: Sequence[str]) -> str:
    more = len(numbers) - 2
    return ", ".join(numbers[:2]) + (f" and {more} more" if more > 0 else "")
