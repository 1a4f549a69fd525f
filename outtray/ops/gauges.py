"""Gauges of the whole installation, read from the tables whenever somebody asks.

Each is a count by an index, of what is open: as cheap with a long history as with none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Case, CharField, Count, F, Min, Value, When
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily

from outtray.lib.clock import now
from outtray.mailboxes.models import Health, Mailbox
from outtray.outbox.models import Email
from outtray.outbox.standstill import is_held
from outtray.outbox.states import State
from outtray.people.models import Company

OPEN = (State.QUEUED, State.HELD, State.SENDING, State.UNKNOWN)
STANDINGS = (*Health.values, "resting")

Readings = Mapping[str, float]


class Scrape:
    """The tables at one moment."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    @cached_property
    def due(self) -> Mapping[str, tuple[int, datetime]]:
        """How many emails are due and since when, by how their mailbox stands."""
        due = Email.objects.due(self.at).order_by().annotate(standing=_standing(self.at))
        rows = due.values_list("standing").annotate(Count("pk"), Min("due_at"))
        return {standing: (count, since) for standing, count, since in rows}


def _standing(at: datetime) -> Case:
    resting = When(
        mailbox__health=Health.READY, mailbox__quota__rest_until__gt=at, then=Value("resting")
    )
    return Case(resting, default=F("mailbox__health"), output_field=CharField())


def _emails(scrape: Scrape) -> Readings:  # noqa: ARG001 - as all readings
    # By company, because the index of all states begins with it.
    of_all = Email.objects.filter(company_id__in=Company.objects.values("pk")).order_by()
    return {state: of_all.filter(state=state).count() for state in OPEN}


def _due_emails(scrape: Scrape) -> Readings:
    return {**dict.fromkeys(STANDINGS, 0), **{by: count for by, (count, _) in scrape.due.items()}}


def _oldest_due(scrape: Scrape) -> Readings:
    waited = {by: (scrape.at - since).total_seconds() for by, (_, since) in scrape.due.items()}
    return {**dict.fromkeys(STANDINGS, 0), **waited}


def _asks_person(scrape: Scrape) -> Readings:  # noqa: ARG001 - as all readings
    asking = Email.objects.filter(state=State.UNKNOWN, look_up_at__isnull=True)
    return {"": asking.order_by().count()}


def _mailboxes(scrape: Scrape) -> Readings:  # noqa: ARG001 - as all readings
    counted = Mailbox.objects.order_by().values_list("health").annotate(Count("pk"))
    return {**dict.fromkeys(Health.values, 0), **dict(counted)}


def _held(scrape: Scrape) -> Readings:  # noqa: ARG001 - as all readings
    return {"": float(is_held())}


@dataclass(frozen=True, slots=True)
class Gauge:
    """One gauge that the tables answer, and what it is divided by, if by anything."""

    name: str
    help: str
    read: Callable[[Scrape], Readings]
    label: str = ""


GAUGES = (
    Gauge("outtray_emails", "Emails that have not come to their end.", _emails, "state"),
    Gauge(
        "outtray_due_emails",
        "Emails that are due, by how their mailbox stands; "
        "resting means that it keeps to its pace.",
        _due_emails,
        "mailbox",
    ),
    Gauge(
        "outtray_oldest_due_seconds",
        "For how long the oldest of them has been due. With a ready mailbox it should not last.",
        _oldest_due,
        "mailbox",
    ),
    Gauge(
        "outtray_unknown_emails_for_a_person",
        "Emails of which only a person can say whether they arrived.",
        _asks_person,
    ),
    Gauge("outtray_mailboxes", "Mailboxes, by whether they can send.", _mailboxes, "health"),
    Gauge(
        "outtray_delivery_held",
        "1 while all delivery is on hold until an administrator confirms.",
        _held,
    ),
)


class _Tables:
    """Reads the gauges whenever somebody asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        scrape = Scrape(now())
        for gauge in GAUGES:
            labels = [gauge.label] if gauge.label else None
            family = GaugeMetricFamily(gauge.name, gauge.help, labels=labels)
            for label, value in gauge.read(scrape).items():
                family.add_metric([label] if gauge.label else [], value)
            yield family


REGISTRY = CollectorRegistry()
REGISTRY.register(_Tables())
