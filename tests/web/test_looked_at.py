"""What a person looked at is what is sent."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from outtray.compose.models import Draft
from outtray.documents.models import Document
from outtray.lib.ids import new_id
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email
from outtray.people.models import Company, Membership
from tests.web.conftest import SignedIn
from tests.web.letters import typed
from tests.web.papers import imported, mailbox_of


@pytest.fixture
def mailbox(ben: Membership) -> Mailbox:
    return mailbox_of(ben)


@pytest.fixture
def invoice(ben: Membership, mailbox: Mailbox) -> Document:
    return imported(ben)["invoice"]


def test_the_preview_shows_the_letter_as_it_stands(
    ben: Membership, invoice: Document, mailbox: Mailbox, signed_in: SignedIn
) -> None:
    given = typed(mailbox, invoice, to="", subject="", body="<div>Half a wor</div>")

    frame = signed_in(ben).post(reverse("draft_letter", args=[new_id()]), given)

    assert "Half a wor" in frame.content.decode()
    assert frame.headers["Content-Security-Policy"].startswith("sandbox")
    assert not Email.objects.exists()
    assert not Draft.objects.exists()


def test_the_message_is_sent_byte_for_byte_as_it_was_looked_at(
    ben: Membership, invoice: Document, mailbox: Mailbox, signed_in: SignedIn
) -> None:
    client, draft_id = signed_in(ben), new_id()
    given = typed(mailbox, invoice, bcc="archive@nordwind.example")

    client.post(
        reverse("draft_files", args=[draft_id]),
        {**given, "file": SimpleUploadedFile("terms.txt", b"Payable soon.")},
    )
    seen = client.post(reverse("draft_preview", args=[draft_id]), {**given, "version": 1 + 1})
    source = client.get(reverse("draft_preview_source", args=[draft_id])).content
    frame = client.get(reverse("draft_preview_letter", args=[draft_id]))
    file = client.get(reverse("draft_preview_file", args=[draft_id, 2]))
    draft = Draft.objects.get()
    client.post(
        reverse("draft", args=[draft_id]),
        {**given, "version": draft.version, "seen": draft.seen_letter},
    )

    page = seen.content.decode()
    assert "archive@nordwind.example" in page
    assert "terms.txt" in page
    assert "Good day" in frame.content.decode()
    assert file.content == b"Payable soon."
    assert settings.BLOBS.get(Email.objects.get().message) == source
    assert Email.objects.get().message_id.encode() in source
    assert not Draft.objects.exists()


def test_what_changed_since_it_was_looked_at_is_not_sent_unseen(
    ben: Membership, invoice: Document, mailbox: Mailbox, signed_in: SignedIn
) -> None:
    client, draft_id, given = signed_in(ben), new_id(), typed(mailbox, invoice)
    client.post(reverse("draft_preview", args=[draft_id]), given)
    seen = Draft.objects.get()
    Company.objects.filter(pk=ben.company_id).update(colour="#aa2211")

    answer = client.post(
        reverse("draft", args=[draft_id]),
        {**given, "version": seen.version, "seen": seen.seen_letter},
    )

    assert "Look at it again" in answer.content.decode()
    assert not Email.objects.exists()
