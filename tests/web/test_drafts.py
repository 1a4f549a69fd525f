"""Drafts: kept while one writes, continued elsewhere, never overwritten in silence."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from outtray.compose.by_hand import drafts
from outtray.compose.models import Draft, DraftFile
from outtray.documents.models import Document
from outtray.lib.ids import new_id
from outtray.outbox.models import Email
from outtray.people.models import Membership
from tests.web.conftest import SignedIn
from tests.web.papers import imported, mailbox_of


@pytest.fixture
def invoice(ben: Membership) -> Document:
    mailbox_of(ben)
    return imported(ben)["invoice"]


class Writing:
    """One window in which a letter is written, as its script does it."""

    def __init__(self, client: Client, draft_id: object, version: int = 0) -> None:
        self.client, self.draft_id, self.version = client, draft_id, version

    def post(self, part: str, *more: object, **fields: object) -> Any:
        where = reverse(f"draft_{part}", args=[self.draft_id, *more])
        given = {"version": self.version, "to": "einkauf@", "subject": "Half", **fields}
        answer = self.client.post(where, given)
        if answer.status_code == 200:
            self.version = answer.json()["version"]
        return answer


def test_half_a_letter_is_kept_and_continued_on_another_device(
    ben: Membership, invoice: Document, signed_in: SignedIn
) -> None:
    here, draft_id = Writing(signed_in(ben), new_id()), new_id()
    here.draft_id = draft_id

    first = here.post("save", documents=str(invoice.pk), body="<div>Dear</div>")
    here.post("save", documents=str(invoice.pk), body="<div>Dear Ms</div>", language="fr")
    listed = signed_in(ben).get(reverse("drafts")).content.decode()
    there = signed_in(ben).get(reverse("draft", args=[draft_id]))

    assert "Draft kept" in first.json()["saved"]
    assert "Half" in listed
    assert "1 document" in listed
    form = there.context["form"]
    assert (form.initial["to"], form.initial["body"]) == ("einkauf@", "<div>Dear Ms</div>")
    assert form.initial["language"] == "fr"
    assert there.context["version"] == 2
    assert there.context["matter"].documents == [invoice]


def test_two_windows_do_not_overwrite_each_other_in_silence(
    ben: Membership, invoice: Document, signed_in: SignedIn
) -> None:
    draft_id = new_id()
    one, two = (Writing(signed_in(ben), draft_id) for _ in range(2))
    one.post("save", subject="from one")
    two.version = one.version

    two.post("save", subject="from two")
    late = one.post("save", subject="from one again")
    file = one.post("files", file=SimpleUploadedFile("a.txt", b"x"))
    one.version = int(late.json()["version"])
    meant = one.post("save", subject="from one, on purpose")

    assert (late.status_code, file.status_code, meant.status_code) == (409, 409, 200)
    assert "changed in another window" in late.json()["problem"]
    assert Draft.objects.get().subject == "from one, on purpose"


def test_a_file_added_elsewhere_is_never_sent_unseen(
    ben: Membership, invoice: Document, signed_in: SignedIn
) -> None:
    client, draft_id = signed_in(ben), new_id()
    one = Writing(client, draft_id)
    one.post("save")
    before = one.version
    one.post("files", file=SimpleUploadedFile("secret.txt", b"x"))

    answer = client.post(
        reverse("draft", args=[draft_id]),
        {
            "version": before,
            "sender": str(ben.person.mailboxes.get().pk),
            "to": "a@kunde.example",
            "subject": "Hello",
            "body": "<div>Hello</div>",
            "timing": "now",
        },
    )

    assert "changed in another window" in answer.content.decode()
    assert answer.context["version"] == one.version
    assert "secret.txt" in answer.content.decode()
    assert not Email.objects.exists()


def test_files_are_checked_kept_shown_and_taken_away(
    ben: Membership, invoice: Document, signed_in: SignedIn
) -> None:
    window = Writing(signed_in(ben), new_id())

    added = window.post("files", file=SimpleUploadedFile("prices.xlsm", b"PK\x03\x04 and more"))
    refused = window.post("files", file=SimpleUploadedFile("setup.exe", b"x"))
    kept = DraftFile.objects.get()
    shown = window.client.get(reverse("draft_file", args=[window.draft_id, kept.pk]))
    emptied = window.post("file_removal", kept.pk)

    assert "can run macros" in added.json()["files"]
    assert refused.status_code == 422
    assert "setup.exe is a program" in refused.json()["problem"]
    assert shown.content == b"PK\x03\x04 and more"
    assert shown.headers["Content-Type"] == "application/octet-stream"
    assert "prices" not in emptied.json()["files"]
    assert not DraftFile.objects.exists()


def test_a_draft_that_was_sent_or_deleted_does_not_come_back(
    ben: Membership, invoice: Document, signed_in: SignedIn
) -> None:
    window = Writing(signed_in(ben), new_id())
    window.post("save")

    window.client.post(reverse("draft_deletion", args=[window.draft_id]))
    late = window.post("save", subject="too late")

    assert (late.status_code, late.json()["code"]) == (409, "draft_gone")
    assert not Draft.objects.exists()


def test_a_letter_that_was_sent_leaves_no_draft(
    ben: Membership, invoice: Document, signed_in: SignedIn
) -> None:
    window = Writing(signed_in(ben), new_id())
    window.post("files", file=SimpleUploadedFile("terms.txt", b"Payable soon."))

    window.client.post(
        reverse("draft", args=[window.draft_id]),
        {
            "version": window.version,
            "sender": str(ben.person.mailboxes.get().pk),
            "to": "a@kunde.example",
            "subject": "Hello",
            "body": "<div>Hello</div>",
            "timing": "now",
        },
    )
    late = window.post("save")

    assert [each.filename for each in Email.objects.get().enclosures.all()] == ["terms.txt"]
    assert late.json()["code"] == "draft_gone"
    assert not Draft.objects.exists()


def test_drafts_have_limits(
    ben: Membership, invoice: Document, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MAX_DRAFTS", 2)
    monkeypatch.setattr(drafts, "MAX_KEPT_BYTES", 100)
    windows = [Writing(signed_in(ben), new_id()) for _ in range(3)]

    kept = [window.post("save") for window in windows]
    small = windows[0].post("files", file=SimpleUploadedFile("a.txt", b"x" * 60))
    large = windows[1].post("files", file=SimpleUploadedFile("b.txt", b"x" * 60))
    long = windows[0].post("save", body="x" * (drafts.MAX_HTML + 1))

    assert [each.status_code for each in kept] == [200, 200, 422]
    assert kept[2].json()["code"] == "too_many_drafts"
    assert (small.status_code, large.json()["code"]) == (200, "too_large")
    assert long.json()["code"] == "too_large"


def test_nobody_else_sees_a_draft(
    anna: Membership, ben: Membership, invoice: Document, signed_in: SignedIn
) -> None:
    window = Writing(signed_in(ben), new_id())
    window.post("save", subject="Between us")
    boss = signed_in(anna)

    listed = boss.get(reverse("drafts")).content.decode()
    opened = boss.get(reverse("draft", args=[window.draft_id]))

    assert "Between us" not in listed
    assert opened.status_code == 404
