from __future__ import annotations

from base64 import b64encode, encodebytes, urlsafe_b64encode
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from outtray.documents.models import Document
from outtray.lib.clock import now
from outtray.mailboxes.models import Mailbox
from outtray.outbox.enclosures import content_of
from outtray.outbox.models import Email, Enclosure
from outtray.outbox.states import Lane
from outtray.people.models import Membership
from tests import builders
from tests.api.conftest import Answer, Program

PDF = b"%PDF-1.7 " + bytes(range(256)) * 40 + b"end"
DOCUMENT = "letters[0].attachments[0].document"


def letter(**changes: Any) -> dict[str, Any]:
    return {
        "to": [{"address": "einkauf@kunde.example", "name": "Käthe Kunde"}],
        "subject": "Rechnung RE-1",
        "text": "Guten Tag,\n\nanbei unsere Rechnung.\n",
        "attachments": [attachment()],
        **changes,
    }


def attachment(**changes: Any) -> dict[str, Any]:
    content = b64encode(PDF).decode()
    return {
        "filename": "RE-1.pdf",
        "content_type": "application/pdf",
        "content": content,
        **changes,
    }


def queue(
    program: Program, *letters: dict[str, Any], key: str | None = None, **wishes: Any
) -> Answer:
    headers = {"Idempotency_Key": key} if key else {}
    return program.post("/letters", {"letters": letters, **wishes}, **headers)


def problems(answer: Answer) -> list[str | None]:
    assert answer.status == 201, answer.content
    return [each["problem"] and each["problem"]["code"] for each in answer.json["items"]]


def message() -> EmailMessage:
    """The message of the only email."""
    content = settings.BLOBS.get(Email.objects.get().message)
    read = message_from_bytes(content, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_a_batch_of_letters_becomes_as_many_emails(bens: Program, mailbox: Mailbox) -> None:
    answer = queue(bens, letter(subject="one"), letter(subject="two"), letter(subject="three"))

    assert problems(answer) == [None, None, None]
    told = [each["email"] for each in answer.json["items"]]
    emails = list(Email.objects.order_by("pk"))
    assert [each["id"] for each in told] == [str(email.pk) for email in emails]
    assert [each["message_id"] for each in told] == [email.message_id for email in emails]
    assert {each["state"] for each in told} == {"queued"}
    assert [email.subject for email in emails] == ["one", "two", "three"]
    assert {email.lane for email in emails} == {Lane.BULK}


def test_a_letter_goes_out_as_it_was_written(bens: Program, mailbox: Mailbox) -> None:
    queue(
        bens,
        letter(
            cc=["chef@kunde.example"],
            bcc=["archiv@nordwind.example"],
            reply_to={"address": "antwort@nordwind.example", "name": "Anna"},
            party_name="Kunde AG",
        ),
    )

    sent = message()
    assert sent["From"] == "Ben Behrens <ben@nordwind.example>"
    assert sent["To"] == "Käthe Kunde <einkauf@kunde.example>"
    assert sent["Cc"] == "chef@kunde.example"
    assert sent["Bcc"] is None
    assert sent["Reply-To"] == "Anna <antwort@nordwind.example>"
    assert sent["Subject"] == "Rechnung RE-1"
    body = sent.get_body(("plain",))
    assert body
    assert body.get_content().splitlines() == ["Guten Tag,", "", "anbei unsere Rechnung."]
    (file,) = sent.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("RE-1.pdf", "application/pdf")
    assert file.get_content() == PDF
    email = Email.objects.get()
    assert email.party_name == "Kunde AG"
    assert {each.address: each.kind for each in email.recipients.all()} == {
        "einkauf@kunde.example": "to",
        "chef@kunde.example": "cc",
        "archiv@nordwind.example": "bcc",
    }
    assert content_of(Enclosure.objects.get()) == PDF


def test_html_is_sanitised_and_gets_a_plain_twin(bens: Program, mailbox: Mailbox) -> None:
    html = '<p onclick="x()">Guten <b>Tag</b></p><script>x()</script><img src="http://spy.example">'

    queue(bens, letter(text="", html=html))

    sent = message()
    plain, rich = sent.get_body(("plain",)), sent.get_body(("html",))
    assert plain
    assert rich
    assert plain.get_content().strip() == "Guten Tag"
    assert "<p>Guten <b>Tag</b></p>" in rich.get_content()
    assert "script" not in rich.get_content()
    assert "spy" not in rich.get_content()


@pytest.mark.parametrize(
    "content",
    [
        b64encode(PDF),
        encodebytes(PDF),
        encodebytes(PDF).replace(b"\n", b"\r\n"),
        urlsafe_b64encode(PDF),
        b64encode(PDF).rstrip(b"="),
    ],
    ids=["plain", "lines", "CRLF", "for URLs", "without its end"],
)
def test_base64_arrives_however_it_was_written(
    bens: Program, mailbox: Mailbox, content: bytes
) -> None:
    queue(bens, letter(attachments=[attachment(content=content.decode())]))

    assert b64encode(PDF).endswith(b"=")
    assert content_of(Enclosure.objects.get()) == PDF
    sent = settings.BLOBS.get(Email.objects.get().message)
    assert encodebytes(PDF).replace(b"\n", b"\r\n") in sent


def test_an_attachment_can_show_a_document(
    bens: Program, mailbox: Mailbox, papers: list[Document]
) -> None:
    queue(bens, letter(attachments=[attachment(document=str(papers[0].pk))]))

    assert Enclosure.objects.get().document == papers[0]
    assert bens.get(f"/emails?document={papers[0].pk}").json["items"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": []}, "no_recipient"),
        ({"to": ["einkauf"]}, "wrong_address"),
        ({"to": ["a@kunde.example\r\nBcc: b@kunde.example"]}, "wrong_address"),
        ({"to": [{"address": "a@kunde.example", "name": "A\r\nBcc: b@kunde.example"}]}, "bad_text"),
        ({"bcc": [f"a{number}@kunde.example" for number in range(100)]}, "too_many_recipients"),
        ({"reply_to": "nobody"}, "wrong_address"),
        ({"subject": " "}, "no_subject"),
        ({"subject": "\u200b\u2060"}, "no_subject"),
        ({"subject": "RE \u202efdp"}, "bad_text"),
        ({"subject": "one\r\nBcc: b@kunde.example"}, "bad_text"),
        ({"subject": "long" * 200}, "subject_too_long"),
        ({"text": "nothing\x00"}, "bad_text"),
        ({"html": "<p>" * 200_000}, "too_large"),
        ({"attachments": [attachment(content="%PDF-1.7")]}, "bad_base64"),
        ({"attachments": [attachment(content="YWI")]}, None),
        ({"attachments": [attachment(filename="../RE-1.pdf")]}, "bad_filename"),
        ({"attachments": [attachment(filename="RE-1.pdf\r\nX: y")]}, "bad_filename"),
        ({"attachments": [attachment(filename="")]}, "bad_filename"),
        ({"attachments": [attachment(content_type="application/pdf\r\nX: y")]}, "bad_header"),
        ({"attachments": [attachment(content_type="pdf")]}, "bad_header"),
        ({"attachments": [attachment(content_type="a/" + "b" * 200)]}, "bad_content_type"),
        ({"attachments": [attachment(content="A" * (21 << 20))]}, "too_large"),
    ],
)
def test_a_letter_that_cannot_go_stops_no_other(
    bens: Program, mailbox: Mailbox, changes: dict[str, Any], code: str | None
) -> None:
    answer = queue(bens, letter(), letter(**changes), letter())

    assert problems(answer) == [None, code, None]
    assert Email.objects.count() == (2 if code else 3)


def test_where_none_can_go_the_request_is_refused(bens: Program, mailbox: Mailbox) -> None:
    one = queue(bens, letter(to=[]))
    two = queue(bens, letter(to=[]), letter(subject=""))

    assert (one.status, one.code) == (422, "no_recipient")
    assert (two.status, two.code) == (422, "no_recipient")
    assert [each["problem"]["code"] for each in two.json["items"]] == ["no_recipient", "no_subject"]
    assert not Email.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "letters"),
        ({"letters": []}, "letters"),
        ({"letters": [letter()] * 101}, "letters"),
        ({"letters": [letter(atachments=[])]}, "letters[0].atachments"),
        ({"letters": [letter(attachments=[attachment(document="7")])]}, DOCUMENT),
        ({"letters": [letter(attachments=[attachment(document=str(uuid4()))])]}, DOCUMENT),
        ({"letters": [letter()], "mailbox": str(uuid4())}, "mailbox"),
        ({"letters": [letter()], "lane": "fast"}, "lane"),
    ],
)
def test_what_is_wrong_with_the_whole_request_is_named(
    bens: Program, mailbox: Mailbox, body: dict[str, Any], field: str
) -> None:
    answer = bens.post("/letters", body)

    assert answer.status == 422
    assert answer.code
    assert answer.json["errors"][0]["field"] == field


@pytest.mark.parametrize("raw", [b'{"letters": NaN}', b"[" * 5000, b'"\xff"', b'{"letters'])
def test_what_is_no_json_is_refused(bens: Program, mailbox: Mailbox, raw: bytes) -> None:
    assert bens.ask("POST", "/letters", raw=raw).status == 400


def test_the_same_key_and_body_answers_the_same_emails(bens: Program, mailbox: Mailbox) -> None:
    letters = [letter(subject="one"), letter(to=[]), letter(subject="two"), letter(subject="three")]

    first = queue(bens, *letters, key="run-7")
    again = queue(bens, *letters, key="run-7")

    assert problems(first) == [None, "no_recipient", None, None]
    assert again.json == first.json
    assert Email.objects.count() == 3


def test_the_same_key_with_another_body_is_refused(
    annas: Program, bens: Program, mailbox: Mailbox, at: datetime
) -> None:
    shared = builders.company_email(mailbox.company, at=at)
    queue(bens, letter(), key="run-7", mailbox=str(shared.pk))

    other_body = queue(bens, letter(subject="other"), key="run-7", mailbox=str(shared.pk))
    other_person = queue(annas, letter(), key="run-7", mailbox=str(shared.pk))

    assert (other_body.status, other_body.code) == (422, "idempotency_key_reused")
    assert other_person.code == "idempotency_key_reused"
    assert Email.objects.count() == 1


def test_letters_can_be_held_and_scheduled(bens: Program, mailbox: Mailbox) -> None:
    later = (now() + timedelta(days=1)).replace(microsecond=0).isoformat()

    held = queue(bens, letter(), letter(), hold=True, key="held")
    again = queue(bens, letter(), letter(), hold=True, key="held")
    scheduled = queue(bens, letter(), due_at=later, lane="interactive")

    assert [each["email"]["state"] for each in held.json["items"]] == ["held", "held"]
    assert again.json == held.json
    email = bens.get(f"/emails/{scheduled.json['items'][0]['email']['id']}").json
    assert email["waiting"]["code"] == "scheduled"
    assert email["lane"] == "interactive"


def test_nobody_sends_from_a_mailbox_that_is_not_his(
    annas: Program, claras: Program, mailbox: Mailbox
) -> None:
    for stranger in (annas, claras):
        answer = queue(stranger, letter(), mailbox=str(mailbox.pk))
        assert (answer.status, answer.code) == (422, "unknown_mailbox")
    assert not Email.objects.exists()


def test_clara_finds_no_document_and_no_company_email_of_nordwind(
    claras: Program, clara: Membership, papers: list[Document], mailbox: Mailbox, at: datetime
) -> None:
    builders.user_email(clara, at=at)
    shared = builders.company_email(mailbox.company, at=at)

    of_document = queue(claras, letter(attachments=[attachment(document=str(papers[0].pk))]))
    from_shared = queue(claras, letter(), mailbox=str(shared.pk))

    assert of_document.code == "unknown_document"
    assert from_shared.code == "unknown_mailbox"
    assert not Email.objects.exists()


def test_without_a_user_email_a_mailbox_must_be_named(
    annas: Program, mailbox: Mailbox, at: datetime
) -> None:
    shared = builders.company_email(mailbox.company, at=at)

    assert queue(annas, letter()).code == "no_sender"
    assert queue(annas, letter(), mailbox=str(shared.pk)).status == 201
    assert Email.objects.get().from_address == "billing@nordwind.example"


def test_a_file_that_mail_systems_refuse_stops_its_letter_alone(
    bens: Program, mailbox: Mailbox
) -> None:
    program = attachment(filename="setup.pdf", content=b64encode(b"MZ\x90" + b"\0" * 80).decode())
    hidden = attachment(filename="Angebot\u202efdp.exe")

    answer = queue(bens, letter(), letter(attachments=[program]), letter(attachments=[hidden]))

    assert problems(answer) == [None, "forbidden_file", "bad_filename"]
    assert Email.objects.count() == 1
