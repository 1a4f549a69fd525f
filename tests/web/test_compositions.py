"""Compose: a letter that a person edits."""

from __future__ import annotations

import re

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from outtray.documents.models import Document
from outtray.mail.reading import read
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email, Recipient
from outtray.people.models import Membership
from tests.web.conftest import SignedIn
from tests.web.papers import imported, mailbox_of, queued_email


def test_the_form_comes_filled_with_the_reason_for_each_address(
    ben: Membership, signed_in: SignedIn
) -> None:
    mailbox_of(ben)
    invoice = imported(ben)["invoice"]

    answer = signed_in(ben).get(reverse("compose", args=[invoice.pk]))

    form = answer.context["form"]
    assert invoice.number in form.initial["subject"]
    assert "@" in form.initial["to"]
    assert answer.context["proposed"][0].reason in answer.content.decode()


def test_the_editor_needs_no_weaker_policy_for_scripts(
    ben: Membership, signed_in: SignedIn
) -> None:
    mailbox_of(ben)
    invoice = imported(ben)["invoice"]

    answer = signed_in(ben).get(reverse("compose", args=[invoice.pk]))

    policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"style-src 'self' 'nonce-([^']+)'", policy)
    assert nonce
    assert nonce[1] in answer.content.decode()
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_a_letter_goes_out_as_it_was_written(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)
    invoice = imported(ben)["invoice"]
    file = SimpleUploadedFile("terms.txt", b"Payable soon.", content_type="text/plain")
    given = _given(
        mailbox,
        to="Frau Kunde <kunde@kunde.example>, second@kunde.example",
        body="<div>Hello <strong>you</strong><script>alert(1)</script></div>",
        more=[file],
    )

    answer = signed_in(ben).post(reverse("compose", args=[invoice.pk]), given)

    email = Email.objects.get()
    message = read(settings.BLOBS.get(email.message))
    assert answer.headers["Location"] == reverse("queue")
    assert email.subject == "About the invoice"
    assert "<strong>you</strong>" in message.html
    assert "alert(1)" not in message.html + message.text
    assert [each.filename for each in message.attachments][-1] == "terms.txt"
    assert set(Recipient.objects.values_list("address", "reason")) == {
        ("kunde@kunde.example", "Entered by hand"),
        ("second@kunde.example", "Entered by hand"),
    }


def test_a_wrong_address_is_told_at_its_field(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)
    invoice = imported(ben)["invoice"]

    answer = signed_in(ben).post(
        reverse("compose", args=[invoice.pk]), _given(mailbox, cc="nobody at all")
    )

    assert list(answer.context["form"].errors) == ["cc"]
    assert not Email.objects.exists()


def test_sending_a_document_again_asks_first(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)
    invoice = imported(ben)["invoice"]
    earlier = queued_email(ben, invoice)
    to = earlier.recipients.all()[0].address
    client, where = signed_in(ben), reverse("compose", args=[invoice.pk])

    refused = client.post(where, _given(mailbox, to=to))
    client.post(where, _given(mailbox, to=to, again="on"))

    assert "again" in refused.context["form"].errors
    assert Email.objects.count() == 2


def test_the_preview_shows_the_letter_as_it_stands(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)
    invoice = imported(ben)["invoice"]

    frame = signed_in(ben).post(
        reverse("compose_letter", args=[invoice.pk]), _given(mailbox, body="<div>Half a wor</div>")
    )

    assert "Half a wor" in frame.content.decode()
    assert frame.headers["Content-Security-Policy"].startswith("sandbox")
    assert not Email.objects.exists()


def test_clara_composes_nothing_of_another_company(
    ben: Membership, clara: Membership, signed_in: SignedIn
) -> None:
    invoice = imported(ben)["invoice"]

    for name in ("compose", "compose_letter"):
        answer = signed_in(clara).post(reverse(name, args=[invoice.pk]), {})
        assert answer.status_code == 404
    assert Document.objects.filter(company=clara.company).count() == 0


def _given(mailbox: Mailbox, **changed: object) -> dict[str, object]:
    return {
        "sender": str(mailbox.pk),
        "to": "einkauf@kunde.example",
        "cc": "",
        "bcc": "",
        "subject": "About the invoice",
        "body": "<div>Good day</div>",
        "timing": "now",
        **changed,
    }
