"""What needs this person first: mailboxes that cannot send, emails that wait for a decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from outtray.mailboxes.ends import End, ending
from outtray.mailboxes.models import Health, Mailbox, Whose
from outtray.outbox.counting import waiting_for_person
from outtray.outbox.models import Email, EmailQuerySet
from outtray.outbox.states import State
from outtray.outbox.why import why_not_sent
from outtray.people.models import Membership
from outtray.web.pauses import Stop, stops_of
from outtray.web.pills import Tone
from outtray.web.times import duration

MOST_STOPS = 5
# An engine that works takes a due email within seconds.
LATE = timedelta(minutes=15)
_NOBODY_SENDS = "Nothing takes it. Whoever runs this Outtray must see whether its engine works."


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do, and where; without an action it is for somebody else."""

    tone: Tone
    icon: str
    title: str
    sentence: str
    href: str = ""
    action: str = ""
    until: datetime | None = None


def needs_of(membership: Membership, *, is_held: bool, at: datetime) -> list[Need]:
    """The most urgent first: nothing leaves a paused mailbox."""
    emails = Email.objects.visible_to(membership)
    stops = stops_of(membership, Mailbox.objects.visible_to(membership), most=MOST_STOPS)
    unknown, failed = waiting_for_person(membership)
    return [
        *(_of_stop(stop) for stop in stops),
        *(() if is_held else _of_late(emails, at=at)),
        *(_of_end(end) for end in ending(membership, at=at)),
        *_of_unknown(unknown),
        *_of_failed(failed),
    ]


def _of_stop(stop: Stop) -> Need:
    is_new = stop.mailbox.health == Health.UNVALIDATED
    icon = "alert-triangle" if is_new else "player-pause"
    sentence = f"{stop.headline} {stop.whom}".strip()
    return Need(Tone.AMBER, icon, stop.title, sentence, stop.href, stop.action, stop.until)


def _of_end(end: End) -> Need:
    """A secret or a consent that ends soon: in time it is renewed without a stop."""
    is_over = end.days < 0
    if end.mailbox is None:
        what = f"The {end.what} for {end.provider_name}"
        effect = "No mailbox connected there can send without it."
        href = f"{reverse('sign_in_providers')}#{end.of.provider}"
    else:
        what = f"The consent of {end.mailbox.address} at {end.provider_name}"
        effect = "Connect again, and it goes on sending."
        href = _setup(end.mailbox)
    title = f"{what} has ended" if is_over else f"{what} ends in {_days(end.days)}"
    tone = Tone.RED if is_over else Tone.AMBER
    return Need(tone, "key", title, effect, href, "Renew")


def _setup(mailbox: Mailbox) -> str:
    if mailbox.whose == Whose.USER:
        return reverse("user_email")
    return reverse("company_email", args=[mailbox.pk])


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days" if count else "less than a day"


def _of_late(emails: EmailQuerySet, *, at: datetime) -> Iterator[Need]:
    """Due for long though the mailbox is ready: its pace, or nobody who sends."""
    ready = emails.filter(state=State.QUEUED, mailbox__health=Health.READY)
    late = ready.filter(due_at__lte=at - LATE).select_related("mailbox__quota")
    oldest = late.order_by("due_at").first()
    waiting = why_not_sent(oldest, at=at) if oldest else None
    if oldest and waiting:
        yield Need(
            Tone.AMBER,
            "clock",
            f"The oldest email has been due for {duration(at - oldest.due_at)}",
            _NOBODY_SENDS if waiting.code == "due" else waiting.sentence,
            reverse("email", args=[oldest.pk]),
            "Look at it",
            waiting.until,
        )


def _of_unknown(count: int) -> Iterator[Need]:
    if count:
        yield Need(
            Tone.VIOLET,
            "help-circle",
            f"{_emails(count)} with an unknown end",
            "The connection broke at the very last moment. Say whether they arrived.",
            _queue(State.UNKNOWN),
            "Look at them",
        )


def _of_failed(count: int) -> Iterator[Need]:
    if count:
        yield Need(
            Tone.RED,
            "circle-x",
            f"{_emails(count)} failed",
            "Each says why, and what would help.",
            _queue(State.FAILED),
            "Look at them",
        )


def _queue(state: State) -> str:
    return f"{reverse('queue')}?state={state.value}"


def _emails(count: int) -> str:
    return f"{count} email" if count == 1 else f"{count:,} emails"
