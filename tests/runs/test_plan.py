"""Planning a run, and what its preview says."""

from __future__ import annotations

import pytest

from outtray.documents.keep_layout import LayoutWish, keep_layout
from outtray.documents.models import Document, Party
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.outbox.add_to_queue import Wishes, plan_letters
from outtray.outbox.document_filter import DocumentFilter
from outtray.people.models import Membership
from outtray.runs.examine import examine
from outtray.runs.models import Run, RunState
from outtray.runs.plan import Selection, plan_run
from outtray.runs.preview import preview, sample_letter
from outtray.runs.start import start_run
from outtray.runs.wishes import RunWishes
from tests.conftest import TurnedClock
from tests.documents.builders import bring_in, raw
from tests.runs.conftest import MakeInvoices, Work, reload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]


def test_a_filter_is_frozen_when_the_run_is_planned(
    ben: Membership, clock: TurnedClock, invoices: MakeInvoices, work: Work
) -> None:
    invoices(3)
    all_of_them = Selection(filter=DocumentFilter(kind="invoice"))
    run = plan_run(ben, all_of_them, RunWishes(), at=clock.now())
    invoices(2, first=10)

    work()

    seen = preview(reload(run), at=clock.now())
    assert (seen.documents, seen.letters, seen.is_complete) == (3, 3, True)
    assert reload(run).state == RunState.READY


def test_a_preview_is_complete_no_sooner_than_its_run_can_be_started(
    ben: Membership, clock: TurnedClock, invoices: MakeInvoices, work: Work
) -> None:
    papers = invoices(2, same_party=True)
    wishes = RunWishes(combine=True)
    run = plan_run(ben, Selection([each.pk for each in papers]), wishes, at=clock.now())

    assert examine(run, at=clock.now())

    seen = preview(reload(run), at=clock.now())
    assert (seen.examined, seen.letters, seen.is_complete) == (2, 2, False)
    work()
    seen = preview(reload(run), at=clock.now())
    assert (seen.examined, seen.letters, seen.is_complete) == (2, 1, True)


def test_the_preview_says_what_is_left_out_and_why(
    ben: Membership, clock: TurnedClock, invoices: MakeInvoices, work: Work
) -> None:
    papers = invoices(5)
    Document.objects.filter(pk=papers[0].pk).update(status="cancelled")
    Party.objects.filter(pk=papers[1].party_id).update(main_email="")
    run = plan_run(ben, Selection([each.pk for each in papers]), RunWishes(), at=clock.now())

    work()

    seen = preview(reload(run), at=clock.now())
    assert {(each.code, each.count) for each in seen.skipped} == {
        ("document_cancelled", 1),
        ("no_recipient", 1),
    }
    assert (seen.going, seen.letters) == (3, 3)
    assert seen.bytes > 3 * 10_000


@pytest.mark.parametrize(
    ("kind", "codes"), [("invoice", []), ("payment_reminder", ["document_paid"])]
)
def test_who_has_paid_gets_a_receipt_but_no_reminder(
    ben: Membership, clock: TurnedClock, work: Work, kind: str, codes: list[str]
) -> None:
    (paid,) = bring_in(raw(kind, status="paid"), ben, clock).documents
    run = plan_run(ben, Selection([paid.pk]), RunWishes(), at=clock.now())

    work()

    assert [each.code for each in preview(reload(run), at=clock.now()).skipped] == codes


def test_documents_for_the_same_recipients_go_together_where_that_is_wished(
    ben: Membership, clock: TurnedClock, invoices: MakeInvoices, work: Work
) -> None:
    papers = [*invoices(3, same_party=True), *invoices(1, first=50)]
    chosen = Selection([each.pk for each in papers])
    run = plan_run(ben, chosen, RunWishes(combine=True), at=clock.now())

    work()

    seen = preview(reload(run), at=clock.now())
    assert (seen.going, seen.letters) == (4, 2)
    assert len(sample_letter(run, 1).enclosures) == 3


def test_two_customers_never_share_an_email(
    ben: Membership, clock: TurnedClock, invoices: MakeInvoices, work: Work
) -> None:
    invoices(2)
    Party.objects.update(main_email="accounts@group.example")
    papers = list(Document.objects.all())
    chosen = Selection([each.pk for each in papers])

    by_hand, _ = plan_letters(papers, membership=ben, wishes=Wishes(combine=True))
    run = plan_run(ben, chosen, RunWishes(combine=True), at=clock.now())
    work()

    assert [len(each.documents) for each in by_hand] == [1, 1]
    assert preview(reload(run), at=clock.now()).letters == 2


def test_what_is_set_in_two_layouts_is_not_put_together(
    anna: Membership,
    ben: Membership,
    clock: TurnedClock,
    invoices: MakeInvoices,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("outtray.runs.examine.AT_ONCE", 1)
    papers = invoices(3, same_party=True)
    chosen = Selection([each.pk for each in papers])
    run = plan_run(ben, chosen, RunWishes(combine=True), at=clock.now())
    examine(run, at=clock.now())
    keep_layout(anna, LayoutWish("House", is_default=True), at=clock.now())

    work()

    assert preview(reload(run), at=clock.now()).letters == 2
    assert [len(sample_letter(run, each).enclosures) for each in (1, 2)] == [1, 2]


def test_the_preview_tells_how_long_the_mailbox_will_need(
    ben: Membership, clock: TurnedClock, invoices: MakeInvoices, work: Work, mailbox: Mailbox
) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(messages_per_minute=2, messages_per_day=4)
    run = plan_run(ben, Selection([each.pk for each in invoices(6)]), RunWishes(), at=clock.now())

    work()

    (load,) = preview(reload(run), at=clock.now()).senders
    assert (load.letters, load.per_minute, load.days) == (6, 2, 2)
    assert load.minutes == 24 * 60 + 1


def test_an_unusual_number_is_asked_about_twice(
    ben: Membership,
    clock: TurnedClock,
    invoices: MakeInvoices,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("outtray.runs.preview.USUAL", 3)
    run = plan_run(ben, Selection([each.pk for each in invoices(4)]), RunWishes(), at=clock.now())
    work()

    with pytest.raises(Refused) as asked:
        start_run(reload(run), by=ben.person, at=clock.now())
    start_run(reload(run), by=ben.person, at=clock.now(), confirmed=4)

    assert asked.value.code == "unusual_volume"
    assert reload(run).state == RunState.RUNNING


def test_nobody_chooses_documents_of_another_company(
    clara: Membership, clock: TurnedClock, invoices: MakeInvoices
) -> None:
    papers = invoices(2)

    with pytest.raises(Refused) as refused:
        plan_run(clara, Selection([each.pk for each in papers]), RunWishes(), at=clock.now())

    assert refused.value.code == "no_documents"
    assert not Run.objects.visible_to(clara).exists()
