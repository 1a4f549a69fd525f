"""From a started run to emails: made once, paused, stopped, undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from outtray.documents.models import Document, Party
from outtray.lib.errors import Refused
from outtray.outbox.models import Email
from outtray.outbox.states import Lane, Reason, State
from outtray.people.models import Membership
from outtray.runs.models import RowState, Run, RunState
from outtray.runs.plan import Selection, plan_run
from outtray.runs.pressing import Here
from outtray.runs.start import UNDO_SECONDS, start_run, undo_run
from outtray.runs.steer import pause_run, resume_run, stop_run
from outtray.runs.wishes import RunWishes
from tests.conftest import TurnedClock
from tests.runs.conftest import MakeInvoices, Work, reload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]

MANY = Here.batch + 3
UNDO = timedelta(seconds=UNDO_SECONDS)


@pytest.fixture(autouse=True)
def made_here(settings: Settings) -> None:
    """No processes beside this one, which sees what is not committed."""
    settings.RENDER_PROCESSES = 0


@pytest.fixture
def planned(ben: Membership, clock: TurnedClock, work: Work) -> Plan:
    return Plan(ben, clock, work)


class Plan:
    """Plans a run of these documents and has it looked through."""

    def __init__(self, by: Membership, clock: TurnedClock, work: Work) -> None:
        self.by, self.clock, self.work = by, clock, work

    def __call__(self, papers: list[Document], **wishes: object) -> Run:
        chosen = Selection([each.pk for each in papers])
        run = plan_run(self.by, chosen, RunWishes(**wishes), at=self.clock.now())  # type: ignore[arg-type]
        self.work()
        return reload(run)

    def start(self, run: Run, **how: object) -> None:
        start_run(run, by=self.by.person, at=self.clock.now(), **how)  # type: ignore[arg-type]


def test_each_document_becomes_one_email_of_the_bulk(planned: Plan, invoices: MakeInvoices) -> None:
    run = planned(invoices(MANY))
    planned.start(run)

    planned.work()
    planned.work()

    done = reload(run)
    emails = Email.objects.all()
    assert (done.state, done.accepted, done.waiting) == (RunState.DONE, MANY, 0)
    assert emails.count() == MANY
    assert {(each.lane, each.reason) for each in emails} == {(Lane.BULK, Reason.UNDO)}
    assert {each.due_at for each in emails} == {done.undo_until}


def test_one_bad_row_stops_no_other(planned: Plan, invoices: MakeInvoices) -> None:
    papers = invoices(4)
    run = planned(papers)
    Document.objects.filter(pk=papers[1].pk).update(data={**papers[1].data, "intro": "\U0001f980"})
    Party.objects.filter(pk=papers[2].party_id).update(main_email="")
    planned.start(run)

    planned.work()

    states = [(row.state, row.code) for row in run.rows.all()]
    assert states[0] == states[3] == (RowState.ACCEPTED, "")
    assert states[1] == (RowState.FAILED, "missing_glyph")
    assert states[2] == (RowState.FAILED, "no_recipient")
    assert (reload(run).accepted, reload(run).failed) == (2, 2)


def test_undone_in_time_nothing_leaves(planned: Plan, invoices: MakeInvoices) -> None:
    run = planned(invoices(3))
    planned.start(run)
    planned.work()

    cancelled = undo_run(run, by=None, at=planned.clock.turn(UNDO / 2))

    assert cancelled == 3
    assert reload(run).state == RunState.UNDONE
    assert set(Email.objects.values_list("state", flat=True)) == {State.CANCELLED}


def test_undone_at_once_nothing_is_made(planned: Plan, invoices: MakeInvoices) -> None:
    run = planned(invoices(3))
    planned.start(run)
    undo_run(run, by=None, at=planned.clock.now())

    planned.work()

    assert not Email.objects.exists()


def test_too_late_a_run_can_only_be_stopped(planned: Plan, invoices: MakeInvoices) -> None:
    run = planned(invoices(3))
    planned.start(run)
    planned.work()

    with pytest.raises(Refused) as refused:
        undo_run(run, by=None, at=planned.clock.turn(UNDO))
    stop_run(run, at=planned.clock.now(), cancels=True)
    planned.work()

    assert refused.value.code == "too_late"
    assert reload(run).state == RunState.STOPPED
    assert set(Email.objects.values_list("state", flat=True)) == {State.CANCELLED}


def test_a_pause_holds_what_is_queued_and_its_end_lets_it_go(
    planned: Plan, invoices: MakeInvoices
) -> None:
    run = planned(invoices(3))
    planned.start(run)
    planned.work()
    planned.clock.turn(UNDO)

    pause_run(run, at=planned.clock.now())
    planned.work()
    held = set(Email.objects.values_list("state", "reason"))
    resume_run(run, at=planned.clock.now())
    planned.work()

    assert held == {(State.HELD, Reason.RUN)}
    assert set(Email.objects.values_list("state", "reason")) == {(State.QUEUED, Reason.NONE)}
    assert reload(run).state == RunState.DONE


def test_a_paused_run_makes_nothing_and_goes_on_where_it_was(
    planned: Plan, invoices: MakeInvoices
) -> None:
    run = planned(invoices(3))
    planned.start(run)
    pause_run(run, at=planned.clock.now())
    planned.work()
    assert not Email.objects.exists()

    resume_run(run, at=planned.clock.now())
    planned.work()

    assert Email.objects.count() == 3


def test_what_was_sent_before_goes_only_if_that_is_wished(
    planned: Plan, invoices: MakeInvoices
) -> None:
    papers = invoices(2)
    planned.start(planned(papers))
    planned.work()
    run = planned([*papers, *invoices(1, first=9)])
    assert (run.skipped, run.documents) == (2, 3)

    planned.start(run, again=True)
    planned.work()

    assert Email.objects.count() == 5
    assert (reload(run).accepted, reload(run).skipped) == (3, 0)


def test_what_somebody_else_has_sent_since_the_preview_is_not_sent_twice(
    planned: Plan, invoices: MakeInvoices
) -> None:
    papers = invoices(2)
    first, second = planned(papers), planned(papers[:1])
    planned.start(second)
    planned.work()

    planned.start(first)
    planned.work()

    assert [row.code for row in first.rows.all()] == ["already_sent", ""]
    assert Email.objects.count() == 2


def test_what_was_cancelled_since_the_preview_stays(planned: Plan, invoices: MakeInvoices) -> None:
    papers = invoices(2)
    run = planned(papers)
    Document.objects.filter(pk=papers[0].pk).update(status="cancelled")
    planned.start(run)

    planned.work()

    assert [row.code for row in run.rows.all()] == ["document_cancelled", ""]
    assert (reload(run).skipped, reload(run).accepted) == (1, 1)


def test_documents_of_one_customer_go_in_one_email(planned: Plan, invoices: MakeInvoices) -> None:
    run = planned([*invoices(3, same_party=True), *invoices(1, first=50)], combine=True)
    planned.start(run)

    planned.work()

    counts = sorted(email.enclosures.count() for email in Email.objects.all())
    assert counts == [1, 3]
    assert reload(run).accepted == 4


def test_the_recipient_that_was_chosen_takes_the_place_of_the_rule(
    planned: Plan, invoices: MakeInvoices
) -> None:
    papers = invoices(2)
    Party.objects.filter(pk=papers[0].party_id).update(billing_email="bills@kunde.example")

    usual, chosen = planned(papers), planned(papers, recipient="main")

    to = [[row.recipients[0]["address"] for row in run.rows.all()] for run in (usual, chosen)]
    assert to[0] == ["bills@kunde.example", "kunde2@kunde.example"]
    assert to[1] == ["kunde1@kunde.example", "kunde2@kunde.example"]
