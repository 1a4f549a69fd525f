"""Which documents a filter finds, and that it survives an address and a JSON field."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from outtray.documents.models import Document, DocumentStatus
from outtray.outbox import document_filter
from outtray.outbox.cancel import cancel
from outtray.outbox.document_filter import DocumentFilter
from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.web.papers import imported, mailbox_of, queued_email


@pytest.fixture
def papers(ben: Membership) -> dict[str, Document]:
    return imported(ben)


@pytest.fixture(params=[1_000, 0], ids=["few emails", "many emails"])
def side(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a search by email state begins with the emails or with the documents."""
    monkeypatch.setattr(document_filter, "_FEW", request.param)


def test_each_field_narrows(ben: Membership, papers: dict[str, Document]) -> None:
    invoice = papers["invoice"]
    assert invoice.total is not None
    Document.objects.filter(pk=invoice.pk).update(
        status=DocumentStatus.PAID, date=date(2020, 1, 2), total=Decimal("7.50")
    )

    for narrowed in (
        DocumentFilter(kind="invoice"),
        DocumentFilter(q=invoice.number.lower()),
        DocumentFilter(status="paid"),
        DocumentFilter(until=date(2020, 1, 2)),
        DocumentFilter(most=Decimal("7.50")),
        DocumentFilter(party=invoice.party_id, since=date(2020, 1, 2), until=date(2020, 1, 2)),
    ):
        assert [each.number for each in narrowed.found(ben)] == [invoice.number], narrowed
    assert DocumentFilter(since=date(2020, 1, 2)).found(ben).count() == len(papers)
    assert DocumentFilter(q=invoice.party.name[:6]).found(ben).exists()


@pytest.mark.usefixtures("side")
def test_the_newest_email_decides(ben: Membership, papers: dict[str, Document]) -> None:
    mailbox_of(ben)
    older = queued_email(ben, papers["invoice"])
    cancel(older.pk, by=ben.person, at=older.accepted_at)
    newer = queued_email(ben, papers["invoice"])
    queued_email(ben, papers["sales_order"])
    Email.objects.filter(pk=newer.pk).update(state=State.FAILED)

    failed, queued, none = (
        set(DocumentFilter(email=state).found(ben).values_list("kind", flat=True))
        for state in ("failed", "queued", "none")
    )

    assert failed == {"invoice"}
    assert queued == {"sales_order"}
    assert none == papers.keys() - {"invoice", "sales_order"}


def test_a_filter_survives_its_words() -> None:
    narrowed = DocumentFilter(
        kind="invoice",
        q="blue",
        since=date(2026, 1, 1),
        least=Decimal("0.50"),
        status="open",
        email="none",
    )

    words = json.loads(json.dumps(narrowed.words()))

    assert DocumentFilter.read(words) == narrowed
    assert DocumentFilter().words() == {}


def test_words_without_sense_narrow_nothing() -> None:
    nonsense = {
        "kind": "love_letter",
        "party": "1",
        "since": "yesterday",
        "least": "NaN",
        "most": "1e99",
        "status": "lost",
        "email": "eaten",
        "colour": "red",
    }

    assert DocumentFilter.read(nonsense) == DocumentFilter()


def test_clara_finds_nothing_of_another_company(
    clara: Membership, ben: Membership, papers: dict[str, Document]
) -> None:
    mailbox_of(ben)
    queued_email(ben, papers["invoice"])

    for narrowed in (
        DocumentFilter(),
        DocumentFilter(email="queued"),
        DocumentFilter(party=papers["invoice"].party_id),
        DocumentFilter(q=papers["invoice"].party.name[:4]),
    ):
        assert not narrowed.found(clara).exists()


def test_a_day_has_both_ends(ben: Membership, papers: dict[str, Document]) -> None:
    day = papers["invoice"].date

    assert DocumentFilter(since=day, until=day).found(ben).count() == len(papers)
    assert not DocumentFilter(since=day + timedelta(days=1)).found(ben).exists()
