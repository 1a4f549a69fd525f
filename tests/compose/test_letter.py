"""Letters as the customer reads them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from outtray.compose.facts import facts_for, one_line
from outtray.compose.letter import Letter, compose
from outtray.compose.templates.choice import template_for
from outtray.documents.facts import letter_facts
from outtray.documents.kinds.registry import KINDS
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company
from tests.compose.conftest import Import

GREETINGS = {"en": "Hello", "de": "Guten Tag", "fr": "Bonjour", "es": "Buenos días"}
DEFAULTS = Path(__file__).parents[2] / "outtray" / "compose" / "defaults"


def words(html: str) -> str:
    """What of the HTML is read, without the head."""
    body = re.sub(r"<style.*?</style>|<!--.*?-->|<title.*?</title>", "", html, flags=re.S)
    return one_spaced(re.sub(r"<[^>]+>", " ", body))


def one_spaced(text: str) -> str:
    """The text with no difference made between kinds of blanks."""
    return " ".join(text.split())


def links(letter: Letter) -> set[str]:
    namespaces = {"http://www.w3.org/1999/xhtml"}
    return set(re.findall(r"https?://[^\s\"'<>]+", letter.html)) - namespaces


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_letter_in_every_language(
    imported: Import, mailbox: Mailbox, kind: str, language: str
) -> None:
    document = imported(kind, language=language)

    letter = compose([document], mailbox=mailbox)

    facts = letter_facts(document)
    for seen in (one_spaced(letter.text), words(letter.html)):
        assert GREETINGS[language] in seen
        assert document.number in seen
        assert one_spaced(str(facts["total"])) in seen
        assert "Ben Behrens" in seen
        assert "Nordwind Handels GmbH · Speicherstraße 4 · 20457 Hamburg" in seen
    assert document.number in letter.subject
    assert not re.search(r"\{\{|\{%|mj-|None|\| ", letter.subject + letter.text)
    assert not re.search(r"\{\{|\{%|</?mj-|None", letter.html)
    assert not links(letter)
    assert [file.content[:5] for file in letter.enclosures] == [b"%PDF-"]


@pytest.mark.parametrize("folder", ["several", *KINDS])
def test_the_two_twins_of_a_letter_use_the_same_facts(folder: str) -> None:
    for language in GREETINGS:
        text = (DEFAULTS / folder / language / "text.liquid").read_text(encoding="utf-8")
        html = (DEFAULTS / folder / language / "html.mjml").read_text(encoding="utf-8")

        named = set(re.findall(r"document\.\w+", text)) - {"document.currency"}
        assert named == set(re.findall(r"document\.\w+", html)) - {"document.currency"}


@pytest.mark.parametrize(
    ("level", "language", "tone"),
    [
        (1, "en", "slipped through"),
        (2, "en", "Despite our first reminder"),
        (3, "en", "for the last time"),
        (1, "de", "Ihrer Aufmerksamkeit entgangen"),
        (2, "de", "trotz unserer ersten Erinnerung"),
        (3, "de", "letztmalig"),
        (1, "fr", "simple oubli"),
        (2, "fr", "Malgré notre premier rappel"),
        (3, "fr", "une dernière fois"),
        (1, "es", "haya pasado por alto"),
        (2, "es", "A pesar de nuestro primer recordatorio"),
        (3, "es", "por última vez"),
    ],
)
def test_a_reminder_grows_firmer_with_its_level(
    imported: Import, mailbox: Mailbox, level: int, language: str, tone: str
) -> None:
    document = imported("payment_reminder", level=level, language=language)

    letter = compose([document], mailbox=mailbox)

    assert tone in letter.text
    assert tone in words(letter.html)


def test_a_reminder_lists_its_invoices_with_the_days(imported: Import, mailbox: Mailbox) -> None:
    letter = compose([imported("payment_reminder", language="en")], mailbox=mailbox)

    assert "(30 days overdue): 1,284.50 EUR" in letter.text
    assert re.search(r"RE-2026-0967 \S.*? 30 1,284.50", words(letter.html))


def test_a_reminder_of_many_invoices_shows_the_first_and_counts_the_rest(
    imported: Import, mailbox: Mailbox
) -> None:
    invoice = {"date": "2026-09-01", "due_date": "2026-10-01", "total": "10.00", "open": "10.00"}
    invoices = [{**invoice, "number": f"R-{number}"} for number in range(500)]

    document = imported(
        "payment_reminder", invoices=invoices, language="en", fee=None, total_due=None
    )
    letter = compose([document], mailbox=mailbox)

    assert "R-19 " in letter.text
    assert "R-20 " not in letter.text
    assert "and 480 more in the attached PDF" in letter.text
    assert "and 480 more in the attached PDF" in words(letter.html)


def test_a_paid_invoice_is_not_asked_to_be_paid(imported: Import, mailbox: Mailbox) -> None:
    invoice = imported("invoice", language="en", taxes=None, totals=None, **_one_line("100.00"))
    paid = imported(
        "invoice",
        number="RE-PAID",
        language="en",
        taxes=None,
        totals={"net": "100.00", "tax": "0.00", "gross": "100.00", "paid": "100.00"},
        **_one_line("100.00"),
    )

    asks, thanks = (compose([each], mailbox=mailbox) for each in (invoice, paid))

    assert "your payment by" in asks.text
    assert "your payment by" not in thanks.text
    assert "To pay: €0.00" in thanks.text


def _one_line(price: str) -> dict[str, Any]:
    line = {"description": "Lamp", "quantity": "1", "unit_price": price, "tax_rate": "0"}
    return {"lines": [line]}


def test_several_documents_go_in_one_letter(imported: Import, mailbox: Mailbox) -> None:
    customer = {"number": "1", "name": "Kunde AG", "emails": {"main": "m@k.example"}}
    documents = [
        imported("invoice", party=customer, language="en"),
        imported("invoice", party=customer, language="en", number="RE-2"),
    ]

    letter = compose(documents, mailbox=mailbox)

    assert letter.subject == "2 documents from Nordwind Handels GmbH"
    assert [file.document for file in letter.enclosures] == documents
    for document in documents:
        assert f"Invoice {document.number}" in letter.text
        assert f"Invoice {document.number}" in words(letter.html)


def test_a_document_never_rides_along_to_another_ones_recipients(
    imported: Import, mailbox: Mailbox
) -> None:
    with pytest.raises(Refused) as refused:
        compose([imported("invoice"), imported("purchase_order")], mailbox=mailbox)

    assert refused.value.code == "different_recipients"


def test_files_of_one_name_are_told_apart(imported: Import, mailbox: Mailbox) -> None:
    party = {"number": "1", "name": "K", "emails": {"main": "m@k.example"}}
    documents = [imported("invoice", number=number, party=party) for number in ("A/1", "A 1")]

    letter = compose(documents, mailbox=mailbox)

    first, second = (file.filename for file in letter.enclosures)
    assert second == first.replace(".pdf", "-2.pdf")


def test_html_in_a_name_is_text(imported: Import, mailbox: Mailbox) -> None:
    contact = {"name": "<img src=x onerror=alert(1)>{{ 7 }}", "email": "m@k.example"}

    letter = compose([imported("invoice", contact=contact)], mailbox=mailbox)

    assert "<img src=x" not in letter.html
    assert "&lt;img src=x onerror=alert(1)&gt;{{ 7 }}" in letter.html
    assert contact["name"] in letter.text


def test_a_line_break_in_a_name_ends_no_header(imported: Import, mailbox: Mailbox) -> None:
    mailbox.display_name = "Ben\r\nBcc: eve@evil.example"

    letter = compose([imported("invoice")], mailbox=mailbox)

    assert letter.sender.name == "Ben Bcc: eve@evil.example"
    assert "Ben Bcc: eve@evil.example\n" in letter.text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r\nb", "a b"),
        (" a\t \0 b ", "a b"),
        ("a\u202eb\u2028", "a b"),
        ("1.234,50\u00a0€", "1.234,50\u00a0€"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_what_becomes_a_header_is_one_clean_line(text: str, line: str) -> None:
    assert one_line(text) == line


def test_the_sender_is_named_as_his_mailbox_says(imported: Import, mailbox: Mailbox) -> None:
    mailbox.display_name = ""
    mailbox.reply_to = "team@nordwind.example"

    letter = compose([imported("invoice")], mailbox=mailbox)

    assert str(letter.sender) == "Ben Behrens <ben@nordwind.example>"
    assert str(letter.reply_to) == "team@nordwind.example"


def test_a_wrong_reply_address_is_refused_by_name(imported: Import, mailbox: Mailbox) -> None:
    mailbox.reply_to = "team"

    with pytest.raises(Refused) as refused:
        compose([imported("invoice")], mailbox=mailbox)

    assert (refused.value.code, refused.value.field) == ("wrong_address", "reply_to")


def test_what_a_person_wrote_stands_in_the_letter(imported: Import, mailbox: Mailbox) -> None:
    letter = compose(
        [imported("invoice", language="en")],
        mailbox=mailbox,
        subject="As\r\ndiscussed",
        html="<div>Dear Jürgen,</div><div>here it is &lt;today&gt;.</div>",
    )

    assert letter.subject == "As discussed"
    assert letter.text.startswith("Dear Jürgen,\n\nhere it is <today>.\n\n-- \nNordwind")
    assert "<div>Dear Jürgen,</div><div>here it is &lt;today&gt;.</div>" in letter.html
    assert "{{" not in letter.html


def test_a_person_is_given_the_text_without_its_footer(imported: Import, mailbox: Mailbox) -> None:
    letter = compose([imported("invoice")], mailbox=mailbox)

    assert "\n-- \n" not in letter.body
    assert letter.text.startswith(f"{letter.body}\n-- \nNordwind")


def test_html_that_a_person_wrote_is_sanitised_and_has_a_plain_twin(
    imported: Import, mailbox: Mailbox
) -> None:
    html = (
        "<h1>Hello</h1><div onclick='x()'>Dear <strong>Kim</strong>,<br>see"
        " <a href='https://nordwind.example/a'>here</a>{{ company.name }}</div>"
        "<ul><li>one</li><li>two</li></ul><script>alert(1)</script><style>*{}</style>"
        "<img src='https://evil.example/pixel'><a href='javascript:x'>no</a>"
    )

    letter = compose([imported("invoice")], mailbox=mailbox, html=html)

    for evil in ("onclick", "<script", "alert", "pixel", "javascript", "*{}"):
        assert evil not in letter.html
    assert "<strong>Kim</strong>" in letter.html
    assert "{{ company.name }}" in letter.html
    assert letter.body == (
        "Hello\n\nDear Kim,\nsee here (https://nordwind.example/a){{ company.name }}\n\n"
        "- one\n- two\n\nno\n"
    )


@pytest.mark.parametrize(
    "subject", ["", "  ", "\r\n", "x" * 501, "\u200b\u3164", "RE-1 \u202efdp", "\u2066x"]
)
def test_a_letter_needs_a_subject_of_sensible_length(
    imported: Import, mailbox: Mailbox, subject: str
) -> None:
    with pytest.raises(Refused) as refused:
        compose([imported("invoice")], mailbox=mailbox, subject=subject)

    assert refused.value.field == "subject"


def test_a_colour_cannot_carry_style(imported: Import, nordwind: Company) -> None:
    nordwind.colour = "red;x:y"
    document = imported("invoice")

    facts = facts_for([document], sender_name="Ben", language="en", logo=None)

    assert facts["company"]["colour"] == "#1f4f82"  # type: ignore[index]  # a dict of texts


def test_a_letter_can_be_spoken_in_another_language(imported: Import, mailbox: Mailbox) -> None:
    invoice = imported("invoice", language="de")

    letter = compose([invoice], mailbox=mailbox, template=template_for([invoice], language="fr"))

    assert letter.text.startswith("Bonjour")


def test_a_letter_is_a_value(imported: Import, mailbox: Mailbox, at: datetime) -> None:
    letter = compose([imported("invoice")], mailbox=mailbox)

    assert replace(letter, headers=(("Auto-Submitted", "auto-generated"),)).text == letter.text
