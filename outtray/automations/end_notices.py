"""Tell people ahead that a client secret, a certificate or a consent ends: 30, 7 and 1 days.

From its last day on nobody connected by it can send, and only a person can make a new one.
Each mark is told once. Without a mailbox that works the pages alone tell it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from outtray.automations.own_letters import (
    administrators_of,
    carrier_of,
    local_time,
    own_letter,
)
from outtray.compose.letter import Letter
from outtray.lib.clock import SYSTEM, Clock
from outtray.mailboxes import history
from outtray.mailboxes.ends import End, ends_to_tell, mark_told
from outtray.mailboxes.history import Code
from outtray.mailboxes.models import Mailbox
from outtray.outbox.accept import Terms, accept_all, prepare
from outtray.people.models import Person


class EndWork:
    """Ends that somebody should hear of, as work for an engine."""

    name = "end"

    def __init__(self, clock: Clock = SYSTEM) -> None:
        self._clock = clock

    def due(self, at: datetime) -> Iterable[str]:
        return [_key(end) for end in ends_to_tell(at)]

    def do(self, key: str, stop: threading.Event) -> None:  # noqa: ARG002 - quick
        tell_end(UUID(key.rpartition("/")[2]), at=self._clock.now())


def tell_end(thing_id: UUID, *, at: datetime) -> bool:
    """Tell of one end. False if that is not due, or another worker was quicker."""
    end = next((end for end in ends_to_tell(at) if end.of.pk == thing_id), None)
    if end is None:
        return False
    persons = _persons(end)
    carrier = carrier_of(end.company_id) if persons else None
    if carrier is None:
        return _marked(end, at=at, by="page")
    prepared = prepare(_letter(end, carrier, persons), mailbox=carrier, at=at)
    with transaction.atomic():
        if not _marked(end, at=at, by="mail"):
            return False
        key = f"end/{end.of.pk}/{end.ends_at.isoformat()}/{end.mark}"
        accept_all([prepared], Terms(at=at, key=key))
    return True


def _key(end: End) -> str:
    return f"{end.company_id}/{end.of.pk}"


def _marked(end: End, *, at: datetime, by: str) -> bool:
    with transaction.atomic():
        if not mark_told(end):
            return False
        if end.mailbox:
            detail = {"by": by, "days": end.days}
            history.record(end.mailbox.pk, Code.END_TOLD, at=at, detail=detail)
    return True


def _persons(end: End) -> list[Person]:
    owner = end.mailbox.owner if end.mailbox else None
    if owner and owner.is_active:
        return [owner]
    return administrators_of(end.company_id)


def _letter(end: End, carrier: Mailbox, persons: list[Person]) -> Letter:
    page = f"mailboxes/{end.mailbox.pk}/" if end.mailbox else "settings/sign-in-providers/"
    words = {
        "headline": _headline(end),
        "meaning": MEANING[end.what].format(
            provider=end.provider_name, address=end.mailbox.address if end.mailbox else ""
        ),
        "day": local_time(carrier.company, end.ends_at),
        "who": "You" if end.is_of_a_user else "An administrator",
        "link": f"{settings.BASE_URL}/{page}",
    }
    return own_letter(
        "ends",
        words,
        steps=STEPS[end.what],
        carrier=carrier,
        persons=persons,
        reason="Told that a connection ends",
    )


def _headline(end: End) -> str:
    thing = f"The {end.what} for {end.provider_name}"
    if end.mailbox:
        thing = f"The consent of {end.mailbox.address}"
    if end.days < 0:
        return f"{thing} has ended"
    return f"{thing} ends {'today' if end.days == 0 else _in_days(end.days)}"


def _in_days(days: int) -> str:
    return "in 1 day" if days == 1 else f"in {days} days"


_ALL = "From then on no mailbox that is connected at {provider} can send; their emails wait."
MEANING: Mapping[str, str] = {
    "client secret": _ALL,
    "certificate": _ALL,
    "consent": "From then on nothing is sent from {address}; its emails wait.",
}
STEPS: Mapping[str, tuple[str, ...]] = {
    "client secret": (
        "In the Microsoft Entra admin center open App registrations, choose the one of Outtray, "
        "then Certificates & secrets, and make a new client secret.",
        "In Outtray open Settings, Sign-in providers, and enter its value and its last day.",
        "Remove the old one there when the mailboxes have sent again.",
    ),
    "certificate": (
        "Make a new certificate with its private key.",
        "In the Microsoft Entra admin center open App registrations, choose the one of Outtray, "
        "then Certificates & secrets, and upload the certificate.",
        "In Outtray open Settings, Sign-in providers, and choose both files.",
    ),
    "consent": (
        "Open the mailbox in Outtray and press Connect.",
        "Sign in, and allow what is asked for.",
        "Press Validate.",
    ),
}
