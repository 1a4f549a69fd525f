"""The rows of the Email Queue as the page shows them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outtray.outbox.models import Email, Enclosure
from outtray.outbox.states import State
from outtray.outbox.why import Waiting, why_not_sent


@dataclass(frozen=True, slots=True)
class Act:
    """What can be done with an email: the noun it is posted to, and its words."""

    noun: str
    word: str
    icon: str
    tone: str = ""


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


@dataclass(frozen=True, slots=True)
class QueueRow:
    """An email, the documents it carries, what it waits for, and a stamp of all that is shown."""

    email: Email
    numbers: str
    waiting: Waiting | None
    acts: tuple[Act, ...]
    stamp: str


def rows_of(emails: Sequence[Email], *, at: datetime) -> list[QueueRow]:
    """One query for the documents of all of them."""
    numbers = _numbers([email.pk for email in emails])
    return [_row(email, numbers.get(email.pk, []), at=at) for email in emails]


def digest(rows: Sequence[QueueRow], *more: object) -> str:
    """The same as long as nothing that these rows show has changed."""
    return _stamp([row.stamp for row in rows], *more)


def _row(email: Email, numbers: Sequence[str], *, at: datetime) -> QueueRow:
    waiting = why_not_sent(email, at=at)
    acts = ACTS.get(email.state, ())
    if email.state == State.QUEUED and email.due_at <= at:
        acts = (HOLD, CANCEL)
    shown = (waiting.sentence, waiting.until) if waiting else ()
    stamp = _stamp(email.pk, email.state, email.state_since, email.due_at, acts, shown)
    return QueueRow(email, _few(numbers), waiting, acts, stamp)


def _numbers(email_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    carried = Enclosure.objects.filter(email__in=email_ids, document__isnull=False)
    for email_id, number in carried.order_by("pk").values_list("email_id", "document__number"):
        found.setdefault(email_id, []).append(number)
    return found


def _few(numbers: Sequence[str]) -> str:
    more = len(numbers) - 2
    return ", ".join(numbers[:2]) + (f" and {more} more" if more > 0 else "")


def _stamp(*shown: object) -> str:
    return hashlib.blake2s(repr(shown).encode(), digest_size=8).hexdigest()
