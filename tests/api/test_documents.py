from __future__ import annotations

import copy
import json
from datetime import datetime
from decimal import Decimal

from outtray.documents.models import Document, Party
from outtray.documents.samples.samples import sample_documents
from tests.api.conftest import Program


def test_documents_are_imported_once_however_often_they_are_sent(
    bens: Program, at: datetime
) -> None:
    body = {"documents": sample_documents(at.date())}

    first = bens.post("/documents", body)
    again = bens.post("/documents", body)

    assert first.status == 200
    assert {item["status"] for item in first.json["items"]} == {"created"}
    assert {item["status"] for item in again.json["items"]} == {"unchanged"}
    assert Document.objects.count() == 6


def test_one_wrong_document_imports_none_and_is_named(bens: Program, at: datetime) -> None:
    documents = copy.deepcopy(sample_documents(at.date())[:5])
    documents[2]["currency"] = "XXX"

    answer = bens.post("/documents", {"documents": documents})

    assert (answer.status, answer.code) == (422, "documents_refused")
    assert "Document 3" in answer.json["detail"]
    assert answer.json["items"][2]["problems"][0]["path"] == "currency"
    assert not Document.objects.exists()


def test_the_right_ones_are_kept_where_that_is_asked_for(bens: Program, at: datetime) -> None:
    documents = copy.deepcopy(sample_documents(at.date())[:5])
    documents[2]["currency"] = "XXX"

    answer = bens.post("/documents?keep_going=true", {"documents": documents})

    assert answer.status == 200
    assert [item["status"] for item in answer.json["items"]].count("created") == 4
    assert answer.json["items"][2]["status"] == "refused"


def test_what_is_not_a_file_of_documents_is_refused_whole(bens: Program) -> None:
    assert bens.ask("POST", "/documents", raw=b"PK\x03\x04zip").code == "not_json"
    assert bens.ask("POST", "/documents", raw=b"").code == "empty"
    assert bens.ask("POST", "/documents", raw=b"[]").status == 400


def test_a_list_goes_on_where_the_last_page_ended(bens: Program, papers: list[Document]) -> None:
    first = bens.get("/documents?limit=4").json
    second = bens.get(f"/documents?limit=4&after={first['next']}").json

    numbers = [row["number"] for row in [*first["items"], *second["items"]]]
    assert sorted(numbers) == sorted(paper.number for paper in papers)
    assert second["next"] is None


def test_a_list_is_narrowed_by_kind_and_text(bens: Program, papers: list[Document]) -> None:
    invoices = bens.get("/documents?kind=invoice").json["items"]
    found = bens.get(f"/documents?search={papers[0].number.lower()}").json["items"]

    assert {row["kind"] for row in invoices} == {"invoice"}
    assert papers[0].number in {row["number"] for row in found}


def test_a_document_is_read_with_its_data_and_its_pdf(
    bens: Program, papers: list[Document]
) -> None:
    invoice = next(paper for paper in papers if paper.kind == "invoice")

    told = bens.get(f"/documents/{invoice.pk}").json
    pdf = bens.get(f"/documents/{invoice.pk}/pdf")

    assert told["data"]["number"] == invoice.number
    assert Decimal(told["total"]) == invoice.total
    assert (told["email_state"], told["emails"]) == (None, 0)
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def test_the_parties_of_documents_can_be_read(bens: Program, papers: list[Document]) -> None:
    vendors = bens.get("/parties?role=vendor").json["items"]
    one = bens.get(f"/parties/{vendors[0]['id']}").json

    assert {vendor["role"] for vendor in vendors} == {"vendor"}
    assert one["name"] == Party.objects.get(pk=one["id"]).name
    assert one["main_email"]


def test_clara_finds_no_document_and_no_party_of_nordwind(
    claras: Program, papers: list[Document]
) -> None:
    document, party = papers[0], papers[0].party

    assert claras.get("/documents").json["items"] == []
    assert claras.get("/parties").json["items"] == []
    for path in (
        f"/documents/{document.pk}",
        f"/documents/{document.pk}/pdf",
        f"/parties/{party.pk}",
    ):
        answer = claras.get(path)
        unknown = claras.get(path.replace(str(document.pk), str(claras.membership.pk)))
        assert (answer.status, answer.code) == (404, "not_found")
        assert json.loads(answer.content) == json.loads(unknown.content)
