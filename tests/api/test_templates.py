"""Templates as a program keeps them."""

from __future__ import annotations

import base64

from outtray.documents.models import Document
from outtray.mailboxes.models import Mailbox
from tests.api.conftest import Program

TEXTS = {"subject": "Re {{ document.number }}", "mjml": "<mj-text>{{ party.name }}</mj-text>"}


def made(program: Program, **wanted: object) -> str:
    answer = program.post("/templates", {"purpose": "invoice", "name": "House", **wanted})
    assert answer.status == 201, answer.content
    return f"/templates/{answer.json['id']}"


def test_a_template_is_made_written_read_and_deleted(annas: Program) -> None:
    path = made(annas, level="application", is_default=True)

    written = annas.ask("PUT", f"{path}/texts/de", TEXTS)
    read = annas.get(path).json
    listed = annas.get("/templates").json["items"]

    assert (written.json["number"], written.json["language"]) == (1, "de")
    assert read["texts"][0]["mjml"] == TEXTS["mjml"]
    assert [(each["name"], each["languages"]) for each in listed] == [("House", ["de"])]
    assert annas.ask("DELETE", path).status == 204
    assert annas.get(path).status == 404


def test_texts_that_cannot_be_used_say_where(annas: Program) -> None:
    path = made(annas)

    refused = annas.ask("PUT", f"{path}/texts/de", {**TEXTS, "mjml": "<mj-text>\n {{ x }}"})
    undefined = annas.ask("PUT", f"{path}/texts/de", {**TEXTS, "text": "a\n {{ x }}"})

    assert (refused.status, refused.code) == (422, "template_wrong")
    assert [refused.json[name] for name in ("line", "column")] == [1, 1]
    assert [undefined.json[name] for name in ("line", "column")] == [2, 5]
    assert undefined.json["errors"][0]["field"] == "text"


def test_a_user_makes_his_own_and_sees_those_of_the_company(annas: Program, bens: Program) -> None:
    made(annas, level="application")
    own = made(bens, name="Mine")

    refused = bens.post("/templates", {"purpose": "invoice", "name": "x", "level": "application"})

    assert (refused.status, refused.code) == (403, "not_allowed")
    assert {each["name"] for each in bens.get("/templates").json["items"]} == {"House", "Mine"}
    assert annas.get(own).status == 404


def test_an_email_names_the_version_that_it_was_written_with(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    path = made(bens, is_default=True)
    invoice = next(paper for paper in papers if paper.kind == "invoice")
    bens.ask("PUT", f"{path}/texts/{invoice.language}", TEXTS)
    sent = bens.post("/emails", {"documents": [str(invoice.pk)]}).json["items"][0]["email"]
    bens.ask("PUT", f"{path}/texts/{invoice.language}", {**TEXTS, "subject": "Another"})
    bens.ask("DELETE", path)

    told = bens.get(f"/emails/{sent['id']}").json

    assert (told["template"]["name"], told["template"]["number"]) == ("House", 1)
    assert (told["subject"], told["resend_of"]) == (f"Re {invoice.number}", None)


def test_a_letter_is_previewed_and_sent_to_oneself(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    path, tried = made(bens), {**TEXTS, "language": "fr"}

    written = bens.post(f"{path}/previews", tried)
    sent = bens.post(f"{path}/test-mails", tried)

    assert written.json["subject"] == "Re RE-2026-1043"
    assert "Möbelhaus Ahrens KG" in written.json["html"]
    email = bens.get(f"/emails/{sent.json['email_id']}").json
    assert email["subject"] == "Test: Re RE-2026-1043"


def test_files_go_with_a_template(bens: Program) -> None:
    path = made(bens)
    terms = {"filename": "AGB.pdf", "content": base64.b64encode(b"%PDF-1.7").decode()}

    added = bens.post(f"{path}/files", terms)
    refused = bens.post(f"{path}/files", {**terms, "filename": "AGB.exe"})

    assert added.json["size"] == 8
    assert (refused.status, refused.code) == (422, "forbidden_file")
    assert bens.ask("DELETE", f"{path}/files/{added.json['id']}").status == 204
    assert bens.get(path).json["files"] == []
