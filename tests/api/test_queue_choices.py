"""What a program chooses for documents that it adds to the Email Queue, as on the page."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from outtray.documents.models import Document
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email
from tests.api.conftest import Answer, Program

TEXTS = {"subject": "Words of our own", "mjml": "<mj-text>Hello</mj-text>"}


@pytest.fixture
def invoice(papers: list[Document]) -> Document:
    (invoice,) = (paper for paper in papers if paper.kind == "invoice")
    return invoice


def queue(program: Program, *papers: Document, **choices: object) -> Answer:
    return program.post("/emails", {"documents": [str(paper.pk) for paper in papers], **choices})


def template_of(program: Program) -> str:
    wanted = {"purpose": "invoice", "name": "Ours", "level": "user"}
    template_id = program.post("/templates", wanted).json["id"]
    assert program.ask("PUT", f"/templates/{template_id}/texts/de", TEXTS).status == 200
    return str(template_id)


def test_a_template_gives_its_words_to_documents_of_its_kind(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    queued = queue(bens, *papers, template=template_of(bens))

    subjects = [item["email"]["subject"] for item in queued.json["items"]]
    assert len(subjects) == len(papers)
    assert subjects.count("Words of our own") == 1


def test_the_built_in_words_can_be_chosen_where_others_are_settled(
    bens: Program, invoice: Document, mailbox: Mailbox
) -> None:
    own = template_of(bens)
    settled = {"name": "Ours", "is_default": True}
    assert bens.ask("PUT", f"/templates/{own}", settled).status == 200

    queued = queue(bens, invoice, template=str(UUID(int=0)))

    assert "RE-" in queued.json["items"][0]["email"]["subject"]


def test_a_layout_changes_how_the_document_looks(
    annas: Program, bens: Program, invoice: Document, mailbox: Mailbox
) -> None:
    layout = annas.post("/layouts", {"name": "House", "design": "modern"}).json["id"]

    queue(bens, invoice)
    chosen = queue(bens, invoice, layout=layout, again=True)

    assert chosen.status == 201
    usual, modern = (email.enclosures.get() for email in Email.objects.order_by("pk"))
    assert usual.size != modern.size


def test_a_slot_takes_the_place_of_the_usual_order(
    bens: Program, invoice: Document, mailbox: Mailbox
) -> None:
    queue(bens, invoice, recipient="main")

    (recipient,) = Email.objects.get().recipients.all()
    assert recipient.address == "info@moebel-ahrens.example"
    assert recipient.reason.startswith("Main Email")


@pytest.mark.parametrize(
    ("choice", "status", "code", "field"),
    [
        ({"template": str(uuid4())}, 404, "no_such_template", "template"),
        ({"layout": str(uuid4())}, 404, "no_such_layout", "layout"),
        ({"recipient": "fax"}, 422, "unknown_slot", "recipient"),
        ({"e_invoice": "xrechnung"}, 422, "invalid", "e_invoice"),
    ],
)
def test_what_cannot_be_chosen_is_named(
    bens: Program,
    invoice: Document,
    mailbox: Mailbox,
    choice: dict[str, str],
    status: int,
    code: str,
    field: str,
) -> None:
    refused = queue(bens, invoice, **choice)

    assert (refused.status, refused.code) == (status, code)
    assert refused.json["errors"][0]["field"] == field
    assert not Email.objects.exists()


def test_nobody_chooses_a_template_of_somebody_else(
    annas: Program, bens: Program, invoice: Document, mailbox: Mailbox
) -> None:
    refused = queue(bens, invoice, template=template_of(annas))

    assert (refused.status, refused.code) == (404, "no_such_template")


def test_a_slot_that_is_empty_is_said_and_nothing_goes_elsewhere(
    bens: Program, invoice: Document, mailbox: Mailbox
) -> None:
    refused = queue(bens, invoice, recipient="ship_to")

    assert (refused.status, refused.code) == (422, "no_recipient")
    assert not Email.objects.exists()


def test_a_key_of_before_knows_its_request_again(
    bens: Program, invoice: Document, mailbox: Mailbox
) -> None:
    asked = {"documents": [str(invoice.pk)]}
    first = bens.post("/emails", asked, Idempotency_Key="order-1")

    silent = {**asked, "template": None, "recipient": ""}
    again = bens.post("/emails", silent, Idempotency_Key="order-1")
    other = bens.post("/emails", {**asked, "recipient": "main"}, Idempotency_Key="order-1")

    assert again.json == first.json
    assert (other.status, other.code) == (422, "idempotency_key_reused")
