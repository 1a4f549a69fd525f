"""Runs: seen before they are sent, started, steered, and what became of each document."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from outtray.documents.models import Document, DocumentStatus
from outtray.lib.clock import SystemClock, now
from outtray.outbox.models import Email
from outtray.people.models import Membership
from outtray.runs import preview
from outtray.runs.examine import examine
from outtray.runs.models import RowState, Run, RunState
from outtray.runs.plan import Selection, plan_run
from outtray.runs.wishes import RunWishes
from outtray.runs.work import RunWork
from outtray.web import chosen
from tests.web.conftest import SignedIn
from tests.web.papers import imported, mailbox_of, queued_email


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosen, "AT_ONCE", 2)


@pytest.fixture
def documents(ben: Membership) -> dict[str, Document]:
    mailbox_of(ben)
    return imported(ben)


@pytest.fixture
def bens(ben: Membership, signed_in: SignedIn) -> Client:
    return signed_in(ben)


def test_many_documents_become_a_run_that_is_seen_first(
    documents: dict[str, Document], bens: Client
) -> None:
    page = bens.get(reverse("add_to_queue"), {"all": "1", "email": "none"}).content.decode()

    run = _chosen(bens, email="none", combine="on")

    assert "Look through 6 documents" in page
    assert (run.documents, run.state, run.name) == (6, RunState.PREVIEWING, "Documents, not sent")
    assert run.selection == {"filter": {"email": "none"}}
    assert run.wishes["combine"] is True
    assert not Email.objects.exists()


def test_the_page_says_before_what_goes_out_and_what_does_not(
    ben: Membership, documents: dict[str, Document], bens: Client
) -> None:
    queued_email(ben, documents["invoice"])
    Document.objects.filter(kind="sales_order").update(status=DocumentStatus.CANCELLED)
    run = _looked_through(_chosen(bens))

    page = _page(bens, run)
    again = _page(bens, run, again="1")

    assert f"Send 4 emails from {ben.person.email}" in page
    assert "2 left out" in page
    assert f"{documents['sales_order'].number} is cancelled." in page
    assert "Sent already" in page
    assert f"Send 5 emails from {ben.person.email}" in again


def test_a_sample_shows_the_letter_and_its_file(
    documents: dict[str, Document], bens: Client
) -> None:
    run = _looked_through(_chosen(bens))

    letter = bens.get(reverse("run_letter", args=[run.pk, 1]))
    file = bens.get(reverse("run_file", args=[run.pk, 1, 1]))
    none = bens.get(reverse("run_file", args=[run.pk, 1, 9]))

    assert letter.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert file.content.startswith(b"%PDF")
    assert none.status_code == 404


def test_an_unusual_number_asks_twice(
    documents: dict[str, Document], bens: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "USUAL", 3)
    run = _looked_through(_chosen(bens))

    page = _page(bens, run)
    _do(bens, run, "run_start")
    run.refresh_from_db()

    assert "Yes, 6 emails are meant." in page
    assert run.state == RunState.READY

    _do(bens, run, "run_start", confirmed="6")
    run.refresh_from_db()

    assert run.state == RunState.RUNNING


def test_a_run_is_undone_within_ten_seconds(documents: dict[str, Document], bens: Client) -> None:
    run = _looked_through(_chosen(bens))
    _do(bens, run, "run_start")

    page = _page(bens, run)
    after = _do(bens, run, "run_undo")

    assert "6 emails</strong> begin to leave" in page
    assert "This run was taken back before anything left." in after
    assert not Email.objects.exists()


def test_a_run_is_paused_goes_on_and_tells_what_became_of_each(
    documents: dict[str, Document], bens: Client
) -> None:
    run = _looked_through(_chosen(bens))
    _do(bens, run, "run_start")

    paused = _do(bens, run, "run_pause")
    _do(bens, run, "run_resumption")
    _work(run)
    page = _page(bens, run, rows="email-queued")
    result = b"".join(bens.get(reverse("run_result", args=[run.pk])))

    assert "Paused: no more emails are made" in paused
    assert all(each.number in page for each in documents.values())
    assert result.count(b"Queued") == 6


def test_stopping_with_cancelling_says_how_many(
    documents: dict[str, Document], bens: Client
) -> None:
    run = _looked_through(_chosen(bens))
    _do(bens, run, "run_start")
    _work(run)

    page = _page(bens, run)
    _do(bens, run, "run_stop", cancel="1")
    _work(run)

    assert "Cancel 6 unsent emails" in page
    assert set(Email.objects.values_list("state", flat=True)) == {"cancelled"}


def test_what_was_not_possible_can_be_tried_again(
    documents: dict[str, Document], bens: Client
) -> None:
    run = _looked_through(_chosen(bens))
    _do(bens, run, "run_start")
    _work(run)
    run.rows.filter(position=1).update(state=RowState.FAILED, email=None, detail="No paper left.")
    Run.objects.filter(pk=run.pk).update(failed=1, accepted=5)

    page = _page(bens, run, rows="failed")
    home = bens.get(reverse("home")).content.decode()
    _do(bens, run, "run_retry")
    run.refresh_from_db()

    assert "No paper left." in page
    assert "1 document of a run could not be sent" in home
    assert run.state == RunState.RUNNING


def test_another_look_takes_the_place_of_the_first(
    documents: dict[str, Document], bens: Client
) -> None:
    first = _looked_through(_chosen(bens, status="open"))

    assert "status=open" in _page(bens, first)

    second = _chosen(bens, status="open", combine="on", instead=str(first.pk))

    assert list(Run.objects.all()) == [second]


def test_home_shows_what_is_under_way_and_what_waits(
    ben: Membership, documents: dict[str, Document], bens: Client, at: datetime
) -> None:
    _looked_through(_chosen(bens))
    plan_run(ben, Selection([documents["invoice"].pk]), RunWishes(), at=at, name="Only one")

    page = bens.get(reverse("home")).content.decode()

    assert "A run of 6 documents waits for you to send it" in page
    assert "Runs under way" in page
    assert "Only one" in page


def test_nothing_is_answered_where_nothing_has_changed(
    documents: dict[str, Document], bens: Client
) -> None:
    run = _looked_through(_chosen(bens))
    _do(bens, run, "run_start")
    _work(run)
    seen = bens.get(reverse("run", args=[run.pk])).context["seen"]

    same = bens.get(reverse("run_changes", args=[run.pk]), {"seen": seen})
    Email.objects.filter(subject__contains=documents["invoice"].number).update(state="failed")
    other = bens.get(reverse("run_changes", args=[run.pk]), {"seen": seen})

    assert same.status_code == 204
    assert "Failed" in other.content.decode()


def test_a_run_that_was_not_started_leaves_nothing_behind(
    documents: dict[str, Document], bens: Client
) -> None:
    run = _looked_through(_chosen(bens))

    page = _do(bens, run, "run_deletion")

    assert "The run was discarded. Nothing was sent." in page
    assert not Run.objects.exists()


def _chosen(client: Client, **words: str) -> Run:
    """Press the dialog's button for all that a filter finds."""
    given = {"all": "1", "sender": "usual", "timing": "now", **words}
    answer = client.post(reverse("add_to_queue"), given)
    assert answer.status_code == 302, answer.content.decode()
    return Run.objects.order_by("-pk")[0]


def _looked_through(run: Run) -> Run:
    while examine(Run.objects.get(pk=run.pk), at=now()):
        pass
    run.refresh_from_db()
    return run


def _work(run: Run) -> None:
    """Do what the rows ask for."""
    for key in RunWork(SystemClock()).due(now()):
        RunWork(SystemClock()).do(key, threading.Event())
    run.refresh_from_db()


def _page(client: Client, run: Run, **words: str) -> str:
    return client.get(reverse("run", args=[run.pk]), words).content.decode()


def _do(client: Client, run: Run, deed: str, **given: str) -> str:
    return client.post(reverse(deed, args=[run.pk]), given, follow=True).content.decode()
