"""Compose: a letter that a person edits, and what goes out of it."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from outtray.compose.by_hand.drafts import Begun, keep
from outtray.compose.models import Draft
from outtray.compose.rules.layouts import layout_for
from outtray.documents.layouts import Layout
from outtray.documents.models import Contact, Document
from outtray.documents.pdf.render import render
from outtray.lib.ids import new_id
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email, Recipient
from outtray.people.models import Membership
from tests.web.conftest import SignedIn
from tests.web.letters import sent_html, sent_message, typed
from tests.web.papers import imported, mailbox_of, queued_email


@pytest.fixture
def mailbox(ben: Membership) -> Mailbox:
    return mailbox_of(ben)


@pytest.fixture
def invoice(ben: Membership, mailbox: Mailbox) -> Document:
    return imported(ben)["invoice"]


def test_the_form_comes_filled_with_the_reason_for_each_address(
    ben: Membership, invoice: Document, signed_in: SignedIn
) -> None:
    answer = signed_in(ben).get(reverse("compose", args=[invoice.pk]))

    form = answer.context["form"]
    assert invoice.number in form.initial["subject"]
    assert "@" in form.initial["to"]
    assert answer.context["everybody"][0].reason in answer.content.decode()


def test_the_editor_needs_no_weaker_policy_for_scripts(
    ben: Membership, invoice: Document, signed_in: SignedIn
) -> None:
    answer = signed_in(ben).get(reverse("compose", args=[invoice.pk]))

    policy_said = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"style-src 'self' 'nonce-([^']+)'", policy_said)
    assert nonce
    assert nonce[1] in answer.content.decode()
    assert "script-src 'self';" in policy_said
    assert "unsafe" not in policy_said


def test_a_letter_goes_out_as_it_was_written(
    ben: Membership, invoice: Document, mailbox: Mailbox, signed_in: SignedIn
) -> None:
    file = SimpleUploadedFile("terms.txt", b"Payable soon.", content_type="text/html")
    given = typed(
        mailbox,
        invoice,
        to="Frau Kunde <kunde@kunde.example>, second@kunde.example",
        bcc="archive@nordwind.example",
        reply_to="Answers <answers@nordwind.example>",
        body="<div>Hello <strong>you</strong><script>alert(1)</script></div>",
        more=[file],
    )

    answer = signed_in(ben).post(reverse("draft", args=[new_id()]), given)

    message, html = sent_message(), sent_html()
    assert answer.headers["Location"] == reverse("queue")
    assert message["Subject"] == "About the invoice"
    assert message["To"] == "Frau Kunde <kunde@kunde.example>, second@kunde.example"
    assert message["Reply-To"] == "Answers <answers@nordwind.example>"
    assert "archive@" not in message.as_string()
    assert "<strong>you</strong>" in html
    assert "alert(1)" not in message.as_string()
    files = {each.get_filename(): each for each in message.iter_attachments()}
    assert list(files)[-1] == "terms.txt"
    assert files["terms.txt"].get_content_type() == "text/plain"
    assert set(Recipient.objects.values_list("address", "reason")) == {
        ("kunde@kunde.example", "Entered by hand"),
        ("second@kunde.example", "Entered by hand"),
        ("archive@nordwind.example", "Entered by hand"),
    }


def test_several_documents_of_one_party_go_in_one_letter(
    ben: Membership, invoice: Document, mailbox: Mailbox, signed_in: SignedIn
) -> None:
    other = Document.objects.filter(party=invoice.party).exclude(pk=invoice.pk).first()
    assert other
    client = signed_in(ben)

    page = client.get(reverse("letter"), {"documents": f"{invoice.pk},{other.pk}"})
    given = typed(mailbox, invoice, other)
    client.post(reverse("draft", args=[page.context["draft_id"]]), given)

    names = [each.get_filename() or "" for each in sent_message().iter_attachments()]
    assert [invoice.number in names[0], other.number in names[1]] == [True, True]
    shown = Email.objects.get().enclosures.values_list("document_id", flat=True)
    assert set(shown) == {invoice.pk, other.pk}


def test_papers_of_two_parties_never_meet_in_a_letter(
    ben: Membership, invoice: Document, mailbox: Mailbox, signed_in: SignedIn
) -> None:
    other = Document.objects.exclude(party=invoice.party).first()
    assert other
    client = signed_in(ben)

    page = client.get(reverse("letter"), {"documents": f"{invoice.pk},{other.pk}"}, follow=True)
    client.post(reverse("draft", args=[new_id()]), typed(mailbox, invoice, other))

    assert "One letter goes to one of them" in page.content.decode()
    assert not Email.objects.exists()


def test_a_free_letter_to_a_party_has_the_companys_frame_and_the_known_addresses(
    ben: Membership, mailbox: Mailbox, invoice: Document, signed_in: SignedIn
) -> None:
    party = invoice.party
    Contact.objects.create(party=party, name="Kim Kurz", email="kim@kurz.example", role="Lager")
    client = signed_in(ben)

    page = client.get(reverse("letter"), {"party": str(party.pk)})
    given = typed(mailbox, party=party, to="kim@kurz.example", subject="Our new hours")
    client.post(reverse("draft", args=[new_id()]), given)

    offered = [each.place for each in page.context["offered"]]
    assert any(place.startswith("Kim Kurz, Lager at") for place in offered)
    message, html = sent_message(), sent_html()
    assert list(message.iter_attachments()) == []
    assert "Speicherstraße 4" in html
    body = message.get_body(("plain",))
    assert body
    assert body.get_content().splitlines()[-2:] == [
        "-- ",
        "Nordwind Handels GmbH · Speicherstraße 4 · 20457 Hamburg",
    ]
    assert Email.objects.get().party_name == party.name
    assert Recipient.objects.get().reason == f"Kim Kurz, Lager at {party.name}"


def test_a_signature_stands_below_what_a_person_writes(
    ben: Membership, mailbox: Mailbox, invoice: Document, signed_in: SignedIn
) -> None:
    client = signed_in(ben)
    signature = (
        '<div><strong>Ben</strong><script>x()</script><br><a href="javascript:x()">Mail</a></div>'
    )

    client.post(reverse("profile"), {"name": "Ben Behrens", "signature": signature})
    free = client.get(reverse("letter")).context["form"].initial["body"]
    about = client.get(reverse("compose", args=[invoice.pk])).context["form"].initial["body"]
    client.post(reverse("draft", args=[new_id()]), typed(mailbox, invoice, body=about))

    assert "<strong>Ben</strong>" in free
    assert "script" not in free
    assert about.count("Ben") == 1
    body = sent_message().get_body(("plain",))
    assert body
    assert "Ben\nMail" in body.get_content().replace("\r\n", "\n")


def test_wrong_addresses_are_told_at_their_fields(
    ben: Membership, invoice: Document, mailbox: Mailbox, signed_in: SignedIn
) -> None:
    given = typed(mailbox, invoice, cc="nobody at all", reply_to="a@b.example, c@d.example")

    answer = signed_in(ben).post(reverse("draft", args=[new_id()]), given)

    assert set(answer.context["form"].errors) == {"cc", "reply_to"}
    assert not Email.objects.exists()


def test_sending_a_document_again_asks_first(
    ben: Membership, invoice: Document, mailbox: Mailbox, signed_in: SignedIn
) -> None:
    to = queued_email(ben, invoice).recipients.all()[0].address
    client, where = signed_in(ben), reverse("draft", args=[new_id()])

    refused = client.post(where, typed(mailbox, invoice, to=to))
    client.post(where, typed(mailbox, invoice, to=to, again="on"))

    assert "again" in refused.context["form"].errors
    assert Email.objects.count() == 2


def test_a_forbidden_file_stops_the_letter_and_says_why(
    ben: Membership, invoice: Document, mailbox: Mailbox, signed_in: SignedIn
) -> None:
    file = SimpleUploadedFile("offer.pdf", b"MZ\x90\0" + b"\0" * 80, content_type="application/pdf")

    answer = signed_in(ben).post(
        reverse("draft", args=[new_id()]), typed(mailbox, invoice, more=[file])
    )

    assert "offer.pdf is a program, whatever its name says." in answer.content.decode()
    assert not Email.objects.exists()


def test_a_letter_pressed_twice_goes_once_and_a_changed_one_is_said_to_be_new(
    ben: Membership, invoice: Document, mailbox: Mailbox, signed_in: SignedIn
) -> None:
    client, where = signed_in(ben), reverse("draft", args=[new_id()])

    client.post(where, typed(mailbox, invoice))
    again = client.post(where, typed(mailbox, invoice))
    changed = client.post(where, typed(mailbox, invoice, subject="And another thing"))

    assert again.status_code == 302
    assert "sent already, with another text" in changed.content.decode()
    assert str(changed.context["draft_id"]) not in where
    assert Email.objects.count() == 1


def test_the_words_follow_the_language_that_is_chosen(
    ben: Membership, invoice: Document, signed_in: SignedIn
) -> None:
    asked = {"documents": str(invoice.pk), "language": "fr"}

    words = signed_in(ben).get(reverse("letter_words"), asked).json()

    assert "facture" in words["html"].lower() + words["subject"].lower()
    assert words["reason"]


def test_the_document_is_set_in_the_layout_that_is_chosen(
    ben: Membership, invoice: Document, mailbox: Mailbox, signed_in: SignedIn, at: datetime
) -> None:
    layout = Layout.objects.create(
        company=ben.company, name="Quiet", colour="#aa2211", created_at=at, changed_at=at
    )
    client = signed_in(ben)

    page = client.get(reverse("compose", args=[invoice.pk])).content.decode()
    client.post(reverse("draft", args=[new_id()]), typed(mailbox, invoice, layout=layout.pk))

    (paper,) = sent_message().iter_attachments()
    looks = {choice: layout_for(invoice, wanted=choice).look for choice in (None, layout.pk)}
    settled, chosen = (render(invoice, look=look).content for look in looks.values())
    assert "Quiet" in page
    assert settled != chosen
    assert paper.get_content() == chosen


def test_an_email_comes_back_as_a_draft(
    ben: Membership, invoice: Document, mailbox: Mailbox, signed_in: SignedIn
) -> None:
    client = signed_in(ben)
    file = SimpleUploadedFile("terms.txt", b"Payable soon.")
    client.post(reverse("draft", args=[new_id()]), typed(mailbox, invoice, more=[file]))
    email = Email.objects.get()
    client.post(reverse("cancellation", args=[email.pk]))

    answer = client.post(reverse("email_draft", args=[email.pk]))

    draft = Draft.objects.get()
    assert answer.headers["Location"] == reverse("draft", args=[draft.pk])
    assert (draft.to, draft.subject) == ("einkauf@kunde.example", "About the invoice")
    assert "Good day" in draft.html
    assert "Speicherstraße" not in draft.html
    assert draft.documents == [str(invoice.pk)]
    assert [each.filename for each in draft.files.all()] == ["terms.txt"]
    assert draft.resend_of == email.pk


def test_clara_composes_nothing_of_another_company(
    ben: Membership, clara: Membership, invoice: Document, signed_in: SignedIn, at: datetime
) -> None:
    draft = keep(ben, new_id(), Begun(subject="geheim"), version=0, at=at)
    client = signed_in(clara)

    answers = [
        client.get(reverse("compose", args=[invoice.pk])),
        client.get(reverse("letter"), {"party": str(invoice.party_id)}),
        client.post(reverse("draft", args=[new_id()]), {"documents": str(invoice.pk)}),
        client.post(reverse("draft_save", args=[draft.pk]), {"subject": "mine now"}),
        client.get(reverse("draft", args=[draft.pk])),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert Draft.objects.get().subject == "geheim"
