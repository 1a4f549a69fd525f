"""The cast: Nordwind with Anna and Ben, and Clara of another company, who must see nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import hypothesis
import pytest

from outtray.lib.sealing import new_ring, save_ring

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

    from outtray.people.models import Company, Membership

pytest_plugins = ["tests.servers.fixtures"]

# A busy machine is slow, not wrong: property tests have no deadline.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")

PASSWORD = "a quiet harbour at dawn"


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """The test database gets its tables in one go, as every new one does."""
    from django.apps import apps
    from django.conf import settings

    from outtray.ops.database import BY_STEPS

    labels = {config.label for config in apps.get_app_configs()} - BY_STEPS
    settings.MIGRATION_MODULES = dict.fromkeys(labels)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """And its migrations are noted as done, for the processes that are started on it."""
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from outtray.ops.database import note_as_done

    settings.MIGRATION_MODULES = {}
    with django_db_blocker.unblock():
        executor = MigrationExecutor(connection)
        executor.recorder.ensure_schema()
        note_as_done(executor)


Run = Callable[[], None]


class TurnedClock:
    """A clock that tests turn; waiting turns it, and never waits."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def wait(self, event: threading.Event, seconds: float) -> bool:
        self.turn(timedelta(seconds=seconds))
        return event.is_set()

    def turn(self, step: timedelta) -> datetime:
        self.at += step
        return self.at


@pytest.fixture
def at() -> datetime:
    """A quiet Monday morning."""
    return datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock(at: datetime) -> TurnedClock:
    return TurnedClock(at)


@pytest.fixture
def run_until_idle(clock: TurnedClock) -> Run:
    """Do in this thread what the engine's would, until nothing is due at the clock's time."""
    from outtray.delivery.work import DeliveryWork, UpkeepWork

    upkeep, delivery = UpkeepWork(clock), DeliveryWork(clock)

    def run() -> None:
        for key in upkeep.due(clock.now()):
            upkeep.do(key, threading.Event())
        for _ in range(100):
            keys = list(delivery.due(clock.now()))
            if not keys:
                return
            for key in keys:
                delivery.do(key, threading.Event())
        raise AssertionError("delivery finds no rest")

    return run


@pytest.fixture(autouse=True, scope="session")
def key_ring() -> None:
    """Keys for this test run, where the product looks for them."""
    from django.conf import settings

    settings.KEY_RING_FILE.parent.mkdir(parents=True, exist_ok=True)
    save_ring(new_ring(), settings.KEY_RING_FILE)


@pytest.fixture
def nordwind(db: None, at: datetime) -> Company:
    return found_company("Nordwind Handels GmbH", at)


@pytest.fixture
def suedhang(db: None, at: datetime) -> Company:
    return found_company("Südhang Weinbau", at)


@pytest.fixture
def anna(nordwind: Company, at: datetime) -> Membership:
    """Administers Nordwind."""
    return join(nordwind, "Anna Andresen", "anna@nordwind.example", "administrator", at)


@pytest.fixture
def ben(nordwind: Company, at: datetime) -> Membership:
    """Sends for Nordwind."""
    return join(nordwind, "Ben Behrens", "ben@nordwind.example", "user", at)


@pytest.fixture
def clara(suedhang: Company, at: datetime) -> Membership:
    """Administers another company."""
    return join(suedhang, "Clara Caspari", "clara@suedhang.example", "administrator", at)


def found_company(name: str, at: datetime) -> Company:
    """A company in Hamburg, with nobody in it."""
    from outtray.people.models import Company

    return Company.objects.create(
        name=name,
        street="Speicherstraße 4",
        postcode="20457",
        city="Hamburg",
        country="DE",
        email="office@nordwind.example",
        created_at=at,
    )


def join(company: Company, name: str, email: str, role: str, at: datetime) -> Membership:
    """A person whose first and only company this is."""
    from outtray.people.models import Membership, Person

    person = Person(email=email, name=name, created_at=at)
    person.set_password(PASSWORD)
    person.save()
    return Membership.objects.create(company=company, person=person, role=role, created_at=at)
