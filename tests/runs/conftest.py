"""Documents by the dozen, and the engine's work on runs done in this thread."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest

from outtray.documents.importing import import_documents
from outtray.documents.models import Document
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Membership
from outtray.runs.models import Run
from tests.builders import user_email
from tests.conftest import TurnedClock
from tests.documents.builders import invoice_of, line

MakeInvoices = Callable[..., list[Document]]
Work = Callable[[], None]


@pytest.fixture
def mailbox(ben: Membership, clock: TurnedClock) -> Mailbox:
    """Ben's User Email."""
    return user_email(ben, at=clock.now())


@pytest.fixture
def invoices(ben: Membership, clock: TurnedClock) -> MakeInvoices:
    """Makes so many invoices, each to a customer of its own, or all to one."""

    def make(count: int, *, first: int = 1, same_party: bool = False) -> list[Document]:
        papers = [paper(number, same_party=same_party) for number in range(first, first + count)]
        result = import_documents(
            ben.company, json.dumps(papers).encode(), by=ben.person, at=clock.now()
        )
        assert not result.refused, result.refused[0].problems
        return result.documents

    return make


def paper(number: int, *, same_party: bool = False, **changes: object) -> dict[str, object]:
    """A short invoice, unlike all others."""
    party = 1 if same_party else number
    return invoice_of(
        line(description=f"Lamp {number}"),
        number=f"RE-{number:05}",
        party={
            "number": f"K{party:05}",
            "name": f"Kunde {party}",
            "emails": {"main": f"kunde{party}@kunde.example"},
        },
        **{"contact": None, "use_contact_email": False, "bill_to": {}, "ship_to": {}, **changes},
    )


@pytest.fixture
def work(clock: TurnedClock) -> Work:
    """Do what runs ask for, until they ask for nothing more."""
    from outtray.runs.work import RunWork

    runs = RunWork(clock)

    def work() -> None:
        for _ in range(100):
            keys = list(runs.due(clock.now()))
            if not keys:
                return
            for key in keys:
                runs.do(key, threading.Event())
        raise AssertionError("runs find no rest")

    return work


def reload(run: Run) -> Run:
    """The run as the database has it now."""
    return Run.objects.get(pk=run.pk)
