"""Import by page: what went wrong stands at the document."""

from __future__ import annotations

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import Settings

from outtray.documents.models import Document
from outtray.people.models import Membership
from tests.web.conftest import SignedIn
from tests.web.papers import samples


def test_a_file_of_documents_is_imported(ben: Membership, signed_in: SignedIn) -> None:
    file = SimpleUploadedFile("documents.json", json.dumps(samples()).encode())

    answer = signed_in(ben).post(reverse("import"), {"file": file})

    assert "6 documents imported" in answer.content.decode()
    assert Document.objects.filter(company=ben.company).count() == 6


def test_one_wrong_document_keeps_all_out_and_says_why(
    ben: Membership, signed_in: SignedIn
) -> None:
    papers = samples()
    papers[2]["kind"] = "love_letter"

    answer = signed_in(ben).post(reverse("import"), {"text": json.dumps(papers)})

    assert answer.status_code == 422
    assert "There is no kind “love_letter”" in answer.content.decode()
    assert "unknown_kind" in answer.content.decode()
    assert not Document.objects.exists()


def test_the_others_are_imported_when_that_is_asked_for(
    ben: Membership, signed_in: SignedIn
) -> None:
    papers = samples()
    papers[2]["kind"] = "love_letter"

    answer = signed_in(ben).post(
        reverse("import"), {"text": json.dumps(papers), "keep_going": "on"}
    )

    assert "5 imported, 1 not" in answer.content.decode()
    assert Document.objects.count() == 5


def test_what_is_not_json_is_told_at_the_field(ben: Membership, signed_in: SignedIn) -> None:
    answer = signed_in(ben).post(reverse("import"), {"text": "Dear Sirs,"})

    assert answer.status_code == 422
    assert "text" in answer.context["form"].errors


def test_nothing_given_is_told_at_the_field(ben: Membership, signed_in: SignedIn) -> None:
    answer = signed_in(ben).post(reverse("import"), {})

    assert "Choose a file, or paste the documents below." in answer.content.decode()


def test_a_file_that_is_too_large_is_refused_with_its_size(
    ben: Membership, signed_in: SignedIn, settings: Settings
) -> None:
    settings.MAX_IMPORT_BYTES = 1024 * 1024
    file = SimpleUploadedFile("huge.json", b" " * (2 * 1024 * 1024))

    answer = signed_in(ben).post(reverse("import"), {"file": file})

    assert "This file has 2 MB; at most 1 MB" in answer.content.decode()
