"""Parties and rules as a program settles them."""

from __future__ import annotations

from urllib.parse import quote

from outtray.documents.models import Document, Party
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Membership
from tests.api.conftest import Program

LAGOON = {"number": "1", "name": "Blue Lagoon Ltd", "main_email": "info@lagoon.example"}


def test_parties_come_in_as_json_and_as_csv(bens: Program) -> None:
    first = bens.post("/parties", [LAGOON])
    second = bens.ask(
        "POST", "/parties?role=vendor", raw=b"number;name;main_email\n7;Mill;a@mill.example\n"
    )

    assert [item["status"] for item in first.json["items"]] == ["created"]
    assert second.json["items"][0]["line"] == 2
    assert set(Party.objects.values_list("role", "name")) == {
        ("customer", "Blue Lagoon Ltd"),
        ("vendor", "Mill"),
    }


def test_a_program_says_what_the_columns_of_a_table_mean(bens: Program) -> None:
    table = b"Konto;Kurzname;Fax\n7;Mill;12\n"
    mapping = quote('{"columns": {"Konto": "number", "Kurzname": "name"}}')

    unsaid = bens.ask("POST", "/parties", raw=table)
    said = bens.ask("POST", f"/parties?mapping={mapping}", raw=table)
    wrong = bens.ask("POST", "/parties?mapping=7", raw=table)

    assert (unsaid.status, unsaid.code) == (422, "unknown_column")
    assert [item["status"] for item in said.json["items"]] == ["created"]
    assert (wrong.status, wrong.code) == (422, "wrong_mapping")


def test_a_wrong_party_imports_none_and_a_preview_keeps_nothing(bens: Program) -> None:
    wrong = bens.post("/parties", [LAGOON, {**LAGOON, "number": "2", "main_email": "nobody"}])
    preview = bens.post("/parties?preview=true", [LAGOON])

    assert (wrong.status, wrong.code) == (422, "parties_refused")
    assert "Party 2: The main email is not usable" in wrong.json["detail"]
    assert preview.json["items"][0]["status"] == "created"
    assert not Party.objects.exists()


def test_a_party_is_changed_field_by_field_and_remembers(bens: Program) -> None:
    party = bens.post("/parties", [LAGOON]).json["items"][0]["id"]

    changed = bens.ask("PATCH", f"/parties/{party}", {
        "billing_email": "ap@lagoon.example",
        "bill_to_address": {"city": "Hull", "country": "GB"},
        "excluded": ["payment_reminder"],
        "contacts": [{"name": "Lou", "email": "lou@lagoon.example"}],
    })  # fmt: skip

    assert changed.json["main_email"] == "info@lagoon.example"
    assert changed.json["contacts"] == [{"name": "Lou", "email": "lou@lagoon.example", "role": ""}]
    newest, oldest = bens.get(f"/parties/{party}/history").json["items"]
    assert (newest["code"], newest["by"], oldest["code"]) == ("changed", "Ben Behrens", "created")
    assert newest["detail"]["changes"]["billing_email"] == ["", "ap@lagoon.example"]


def test_a_wrong_change_is_told_at_its_field(bens: Program) -> None:
    party = bens.post("/parties", [LAGOON]).json["items"][0]["id"]

    answer = bens.ask("PATCH", f"/parties/{party}", {"cc_email": "a@b.example\r\nBcc: c@d.example"})

    assert (answer.status, answer.code) == (422, "bad_party")
    assert answer.json["errors"][0]["field"] == "cc_email"


def test_an_administrator_settles_a_kind_and_a_party(
    annas: Program, bens: Program, anna: Membership, papers: list[Document]
) -> None:
    invoice = next(each for each in papers if each.kind == "invoice")
    wanted = {"slots": ["main"], "fallback": str(anna.pk), "cc_email": "a@nordwind.example"}

    rules = annas.ask("PUT", "/rules/invoice", wanted)
    override = annas.ask(
        "PUT", f"/parties/{invoice.party_id}/overrides/all", {"cc_email": "tax@advisor.example"}
    )

    settled = next(each for each in rules.json["kinds"] if each["kind"] == "invoice")
    assert (settled["slots"], settled["slots_are_usual"]) == (["main"], False)
    assert override.json["items"][0]["kind"] == "all"
    assert bens.ask("PUT", "/rules/invoice", wanted).status == 403
    assert bens.ask("PUT", f"/parties/{invoice.party_id}/overrides/all", {}).status == 403


def test_a_document_says_who_would_get_it_and_from_whom(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    invoice = next(each for each in papers if each.kind == "invoice")

    found = bens.get(f"/documents/{invoice.pk}/resolution").json

    assert found["recipients"][0]["reason"].endswith("because an invoice goes there first")
    assert found["sender"]["address"] == mailbox.address
    assert found["template"]["id"] is None
    assert found["problems"] == []


def test_what_keeps_a_document_from_going_is_said_beforehand(
    annas: Program, papers: list[Document]
) -> None:
    invoice = next(each for each in papers if each.kind == "invoice")
    Party.objects.filter(pk=invoice.party_id).update(excluded=["invoice"])

    found = annas.get(f"/documents/{invoice.pk}/resolution").json

    assert [each["code"] for each in found["problems"]] == ["no_sender", "party_excluded"]
    assert (found["recipients"], found["sender"]) == ([], None)


def test_the_company_email_steps_in_only_if_that_is_allowed(annas: Program, bens: Program) -> None:
    assert annas.ask("PATCH", "/rules", {"may_use_company_email": True}).json[
        "may_use_company_email"
    ]
    assert bens.ask("PATCH", "/rules", {"may_use_company_email": False}).status == 403
    assert bens.get("/rules").json["may_use_company_email"]
