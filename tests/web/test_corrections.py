"""An email's page leads to its proof, and to a corrected address."""

from __future__ import annotations

import subprocess

import pytest
from django.urls import reverse

from outtray.documents.models import Document
from outtray.lib.clock import now
from outtray.outbox.models import Email
from outtray.outbox.states import RecipientState, State
from outtray.people.models import Membership
from tests.servers.presence import require
from tests.web.conftest import SignedIn
from tests.web.papers import imported, mailbox_of, queued_email


@pytest.fixture
def invoice(ben: Membership) -> Document:
    mailbox_of(ben)
    return imported(ben)["invoice"]


@pytest.fixture
def failed(ben: Membership, invoice: Document) -> Email:
    email = queued_email(ben, invoice)
    Email.objects.filter(pk=email.pk).update(state=State.FAILED, settled_at=now())
    email.recipients.update(state=RecipientState.FAILED)
    return Email.objects.get(pk=email.pk)


def test_a_failed_email_goes_to_a_corrected_address_that_the_party_keeps(
    ben: Membership, invoice: Document, failed: Email, signed_in: SignedIn
) -> None:
    recipient = failed.recipients.all()[0]
    invoice.party.billing_email = recipient.address
    invoice.party.save()
    client = signed_in(ben)

    page = client.get(reverse("email", args=[failed.pk])).content.decode()
    form = client.get(reverse("correction", args=[failed.pk])).content.decode()
    wrong = client.post(
        reverse("correction", args=[failed.pk]), {f"recipient-{recipient.pk}": "nobody"}
    )
    answer = client.post(
        reverse("correction", args=[failed.pk]),
        {f"recipient-{recipient.pk}": "neu@kunde.example", "save": "on"},
    )

    new = Email.objects.get(resend_of=failed)
    assert reverse("correction", args=[failed.pk]) in page
    assert f"Billing Email of {invoice.party.name}" in form
    assert f"recipient-{recipient.pk}" in wrong.context["form"].errors
    assert answer.headers["Location"] == reverse("email", args=[new.pk])
    assert [each.address for each in new.recipients.all()] == ["neu@kunde.example"]
    invoice.party.refresh_from_db()
    assert invoice.party.billing_email == "neu@kunde.example"


def test_the_document_tells_its_emails_who_sent_them_and_what_became_of_each(
    ben: Membership, invoice: Document, failed: Email, signed_in: SignedIn
) -> None:
    client = signed_in(ben)
    recipient = failed.recipients.all()[0]
    client.post(
        reverse("correction", args=[failed.pk]),
        {f"recipient-{recipient.pk}": "neu@kunde.example"},
    )
    new = Email.objects.get(resend_of=failed)

    page = client.get(reverse("document", args=[invoice.pk])).content.decode()

    for fact in (
        "Ben Behrens",
        recipient.address,
        "neu@kunde.example",
        reverse("proof", args=[failed.pk]),
        reverse("correction", args=[failed.pk]),
        reverse("email", args=[new.pk]),
        "Refused",
    ):
        assert fact in page


def test_the_list_tells_who_sent_it_to_whom_to_those_who_may_see_it(
    anna: Membership, ben: Membership, invoice: Document, failed: Email, signed_in: SignedIn
) -> None:
    told = f"Ben Behrens to {failed.to_summary}"
    other = queued_email(ben, invoice.__class__.objects.get(kind="sales_order"))
    Email.objects.filter(pk=other.pk).update(accepted_by=anna.person)

    mine = signed_in(ben).get(reverse("documents")).content.decode()
    everything = signed_in(anna).get(reverse("documents")).content.decode()

    assert told in mine
    assert f"Anna Andresen to {other.to_summary}" not in mine
    assert told in everything
    assert f"Anna Andresen to {other.to_summary}" in everything


def test_the_proof_is_a_pdf_with_times_of_the_persons_own_zone(
    ben: Membership, failed: Email, signed_in: SignedIn
) -> None:
    ben.person.timezone = "Asia/Tokyo"
    ben.person.save()

    answer = signed_in(ben).get(reverse("proof", args=[failed.pk]))

    command = [str(require("pdftotext", "poppler-utils")), "-", "-"]
    text = subprocess.run(command, input=answer.content, capture_output=True, check=True).stdout
    assert answer.headers["Content-Type"] == "application/pdf"
    assert f"proof-of-sending-{failed.pk}.pdf" in answer.headers["Content-Disposition"]
    assert b"JST (UTC+09:00)" in text
