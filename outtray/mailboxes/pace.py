"""How fast a mailbox sends: its provider's limits, what is used of them, what complaints taught.

Two windows count what was claimed, one minute and one day long. Bulk keeps to an even pace,
so that there is room for a letter by hand, which may use what the last minute has left.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from outtray.lib.window import Window
from outtray.mailboxes import history
from outtray.mailboxes.evenly import Even
from outtray.mailboxes.models import Mailbox, Quota
from outtray.mailboxes.presets import Preset
from outtray.transports.base import Limits

# Where a provider of mailboxes does not tell its pace: slow enough for every one we know.
CAREFUL_MESSAGES_PER_MINUTE = 10

MINUTE = Window(timedelta(minutes=1), timedelta(milliseconds=10))
DAY = Window(timedelta(days=1), timedelta(minutes=15))

UNLIMITED = Limits()

SLOWER = 0.5  # of the pace at which the server complained
ONE_COMPLAINT = timedelta(seconds=10)  # what was on its way then brings no new one
FASTER = 1.25  # each minute without a complaint
FORGOTTEN = timedelta(minutes=15)  # then a pace without a limit has none again


@dataclass(frozen=True, slots=True)
class Pace:
    """Limits of a mailbox; None means that none is known."""

    messages_per_minute: int | None = None
    messages_per_day: int | None = None
    recipients_per_day: int | None = None
    connections: int = 1

    @property
    def has_limits(self) -> bool:
        return bool(self.messages_per_minute or self.messages_per_day or self.recipients_per_day)


@dataclass(frozen=True, slots=True)
class Used:
    """What a mailbox has sent, or claimed to send, of late."""

    messages_last_minute: int = 0
    messages_today: int = 0
    recipients_today: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much may leave now. None is without a limit; `rest_until` is set if nothing may."""

    interactive: int | None = None
    bulk: int | None = None
    recipients: int | None = None
    rest_until: datetime | None = None


def pace_of(preset: Preset | None, limits: Limits = UNLIMITED) -> Pace:
    """The pace that a provider's published limits allow, where it tells none its transport's.

    A server of one's own has none.
    """
    if preset is None:
        return Pace(**asdict(limits))
    known = preset.limits
    return Pace(
        messages_per_minute=_messages_per_minute(preset, limits),
        messages_per_day=known.get("messages_per_day", limits.messages_per_day),
        recipients_per_day=known.get("recipients_per_day", limits.recipients_per_day),
        connections=known.get("concurrent_connections", limits.connections),
    )


def limits_of(mailbox: Mailbox) -> Pace:
    """The limits that are set for a mailbox."""
    return Pace(
        mailbox.messages_per_minute,
        mailbox.messages_per_day,
        mailbox.recipients_per_day,
        mailbox.connections,
    )


def in_force(limits: Pace, quota: Quota | None, *, at: datetime) -> Pace:
    """The limits, lowered by what complaints have taught and slowly raised again."""
    if quota is None or quota.slowed_to is None or quota.slowed_at is None:
        return limits
    since = max(timedelta(), at - quota.slowed_at)
    recovered = quota.slowed_to * FASTER ** (since / timedelta(minutes=1))
    if limits.messages_per_minute is None:
        is_over = since >= FORGOTTEN
    else:
        is_over = recovered >= limits.messages_per_minute
    return limits if is_over else replace(limits, messages_per_minute=max(1, int(recovered)))


def used(quota: Quota | None, *, at: datetime) -> Used:
    """What of the limits is used at that time."""
    if quota is None:
        return Used()
    return Used(
        MINUTE.used(quota.minute, at=at),
        DAY.used(quota.day, at=at),
        DAY.used(quota.day, at=at, which=1),
    )


def allowance(
    pace: Pace, quota: Quota, *, at: datetime, due_since: datetime | None = None
) -> Allowance:
    """How much a mailbox may send now in each lane: of bulk that is due since then, or for long."""
    of_day, day_free = _left(DAY, quota.day, pace.messages_per_day, at=at)
    recipients, recipients_free = _left(DAY, quota.day, pace.recipients_per_day, at=at, which=1)
    of_minute, minute_free = _left(MINUTE, quota.minute, pace.messages_per_minute, at=at)
    even = _even(pace, quota, due_since, at=at)
    of_step, step_free = (even.allowed, even.free_at) if even else (None, at)
    interactive = _least(of_day, of_minute, 0 if recipients == 0 else None)
    bulk = _least(interactive, of_step)
    rest_until = max(day_free, recipients_free, minute_free, step_free) if bulk == 0 else None
    return Allowance(interactive, bulk, recipients, rest_until)


def rested(quota: Quota, pace: Pace, *, at: datetime) -> datetime | None:
    """From when on an even pace counts, if there is one: no rest makes a worker late."""
    even = _even(pace, quota, at=at)
    return even.rested(quota.rest_until) if even and quota.rest_until else quota.even_until


def spend(
    quota: Quota, pace: Pace, *, messages: int, recipients: int, due_since: datetime, at: datetime
) -> None:
    """Count what is being sent, and when the next message may leave; the caller stores it."""
    quota.minute = MINUTE.added(quota.minute, [messages], at=at)
    quota.day = DAY.added(quota.day, [messages, recipients], at=at)
    even = _even(pace, quota, due_since, at=at)
    if even:
        quota.even_until = even.after(messages)
    quota.rest_until = allowance(pace, quota, at=at).rest_until


def turn_at(mailbox: Mailbox, quota: Quota, ahead: int, *, at: datetime) -> datetime:
    """When the pace lets a message go that has so many before it: not earlier than that."""
    limits, used_by_now = limits_of(mailbox), used(quota, at=at)
    per_minute = in_force(limits, quota, at=at).messages_per_minute
    minutes = ahead / per_minute if per_minute else 0
    days = 0
    if limits.messages_per_day:
        # Counted from today's first: a day that is used up begins anew when the rest ends.
        today = used_by_now.messages_today % limits.messages_per_day
        days = (today + ahead) // limits.messages_per_day
    start = max(at, quota.rest_until or at)
    return start + max(timedelta(minutes=minutes), timedelta(days=days))


def free_for_recipients(quota: Quota, limit: int, wanted: int, *, at: datetime) -> datetime:
    """When the day has room for that many recipients."""
    return DAY.free_at(quota.day, limit - wanted + 1, at=at, which=1)


def refund(mailbox_id: UUID, *, messages: int, recipients: int, at: datetime) -> None:
    """Count back what was claimed and not sent."""
    with transaction.atomic():
        quota = Quota.objects.select_for_update().filter(pk=mailbox_id).first()
        if quota:
            quota.minute = MINUTE.added(quota.minute, [-messages], at=at)
            quota.day = DAY.added(quota.day, [-messages, -recipients], at=at)
            quota.rest_until = None  # the next claim tells
            quota.save(update_fields=["minute", "day", "rest_until"])


def slow_down(mailbox: Mailbox, *, seen_per_minute: float, why: str, at: datetime) -> float:
    """The server complained: go on at half the pace, in messages a minute, and note it.

    Complaints within a few seconds are one.
    """
    with transaction.atomic():
        Quota.objects.get_or_create(mailbox=mailbox)
        quota = Quota.objects.select_for_update().get(mailbox=mailbox)
        if quota.slowed_to and quota.slowed_at and at - quota.slowed_at < ONE_COMPLAINT:
            return quota.slowed_to
        now = in_force(limits_of(mailbox), quota, at=at).messages_per_minute
        quota.slowed_to = max(1.0, SLOWER * min(now or seen_per_minute, seen_per_minute))
        quota.slowed_at = at
        quota.save(update_fields=["slowed_to", "slowed_at"])
        history.record(
            mailbox.pk,
            history.Code.SLOWED,
            at=at,
            detail={"messages_per_minute": round(quota.slowed_to, 1), "why": why[:500]},
        )
        return quota.slowed_to


def rest_until(mailbox_id: UUID) -> datetime | None:
    """Until when the pace lets nothing of the bulk leave, as it was last noted."""
    quotas = Quota.objects.filter(pk=mailbox_id)
    return quotas.values_list("rest_until", flat=True).first()


def _even(
    pace: Pace, quota: Quota, due_since: datetime | None = None, *, at: datetime
) -> Even | None:
    if not pace.messages_per_minute:
        return None
    return Even(pace.messages_per_minute, quota.even_until, due_since, at)


def _left(
    window: Window, slots: list[list[float]], limit: int | None, *, at: datetime, which: int = 0
) -> tuple[int | None, datetime]:
    if limit is None:
        return None, at
    left = max(0, limit - window.used(slots, at=at, which=which))
    return left, window.free_at(slots, limit, at=at, which=which)


def _least(*amounts: int | None) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return min(known) if known else None


def _messages_per_minute(preset: Preset, limits: Limits) -> int | None:
    if "messages_per_minute" in preset.limits:
        return preset.limits["messages_per_minute"]
    if "messages_per_hour" in preset.limits:
        return max(1, preset.limits["messages_per_hour"] // 60)
    if limits.messages_per_minute:
        return limits.messages_per_minute
    return None if preset.kind == "relay" else CAREFUL_MESSAGES_PER_MINUTE
