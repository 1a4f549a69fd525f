"""Import by page: what is in a file is seen first, and what is wrong stands at its row."""

from __future__ import annotations

import json
import threading
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from outtray.documents.imports.drafts import AT_ONCE
from outtray.documents.imports.models import DraftState, ImportDraft, ImportMapping
from outtray.documents.imports.work import ImportWork
from outtray.documents.models import Document
from outtray.people.models import Membership
from tests.conftest import TurnedClock
from tests.documents.imports.conftest import content_of
from tests.web.conftest import SignedIn
from tests.web.papers import samples


def upload(client: Client, name: str, content: bytes, **more: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("import"), {"file": file, **more}, follow=True)


def press(client: Client, name: str, **given: str) -> Any:
    draft = ImportDraft.objects.get()
    return client.post(reverse(name, args=[draft.pk]), given, follow=True)


def test_what_is_in_a_file_is_shown_before_it_is_kept(ben: Membership, signed_in: SignedIn) -> None:
    client = signed_in(ben)
    count = len(samples())

    page = upload(client, "documents.json", json.dumps(samples()).encode()).content.decode()

    assert f"Import {count} documents" in page
    assert page.count(">New</span>") == count
    assert not Document.objects.exists()

    page = press(client, "keep_import").content.decode()

    assert f"{count} documents imported" in page
    assert Document.objects.filter(company=ben.company).count() == count


def test_pasted_text_is_a_file_like_any_other(ben: Membership, signed_in: SignedIn) -> None:
    client = signed_in(ben)

    client.post(reverse("import"), {"text": json.dumps(samples()[0])})
    press(client, "keep_import")

    assert Document.objects.count() == 1


def test_one_wrong_document_is_told_and_the_others_can_come_in(
    ben: Membership, signed_in: SignedIn
) -> None:
    papers = samples()
    papers[2]["kind"] = "love_letter"
    client = signed_in(ben)

    page = upload(client, "documents.json", json.dumps(papers).encode()).content.decode()

    assert f"1 of {len(papers)} documents is wrong" in page
    assert "There is no kind “love_letter”" in page
    assert "unknown_kind" in page

    page = press(client, "keep_import", keep_going="on").content.decode()

    assert f"{len(papers) - 1} documents imported, 1 left out" in page


def test_what_is_known_is_unchanged_or_changed(ben: Membership, signed_in: SignedIn) -> None:
    client = signed_in(ben)
    papers = samples()
    upload(client, "documents.json", json.dumps(papers).encode())
    press(client, "keep_import")
    papers[0]["your_reference"] = "corrected"

    page = upload(client, "documents.json", json.dumps(papers).encode()).content.decode()

    assert page.count(">Changed</span>") == 1
    assert page.count(">Unchanged</span>") == len(papers) - 1


def test_a_table_is_shown_with_the_meaning_of_its_columns(
    ben: Membership, signed_in: SignedIn
) -> None:
    client = signed_in(ben)

    page = upload(client, "rechnungen.csv", content_of("rechnungen.csv"))

    form = page.context["mapping_form"]
    assert form["dates"].value() == "dmy"
    assert form["column-0"].value() == "number"
    assert "rows 2 to 3" in page.content.decode()

    press(client, "keep_import")

    assert Document.objects.count() == 2
    assert ImportMapping.objects.get().company == ben.company


def test_a_person_settles_what_a_table_means(ben: Membership, signed_in: SignedIn) -> None:
    table = "Wer;Was;Wann;Nr;Firma;Geld\nC1;Lamp;03.04.26;7;Blue Lagoon Ltd;1.000\n"
    client = signed_in(ben)
    page = upload(client, "table.csv", table.encode())
    assert "Some columns are still to be settled" in page.content.decode()
    given = {"kind": "invoice", "encoding": "utf-8", "delimiter": ";", "decimal": ","}
    given |= {"dates": "dmy", "column-0": "party.number", "column-1": "lines.description"}
    given |= {"column-2": "date", "column-3": "number", "column-4": "party.name"}
    given |= {"column-5": "lines.unit_price", "fixed-currency": "GBP"}
    given |= {"fixed-lines.quantity": "1", "fixed-lines.tax_rate": "20"}

    page = press(client, "settle_import", **given).content.decode()
    press(client, "keep_import")

    assert "Import 1 document" in page
    assert str(Document.objects.get().total) == "1200.000"

    again = upload(client, "table.csv", table.encode()).content.decode()
    assert "Nothing in it is new" in again


def test_two_columns_cannot_mean_the_same(ben: Membership, signed_in: SignedIn) -> None:
    client = signed_in(ben)
    page = upload(client, "rechnungen.csv", content_of("rechnungen.csv"))
    given = {name: str(page.context["mapping_form"][name].value()) for name in _names(page)}

    answer = press(client, "settle_import", **{**given, "column-1": "number"})

    assert answer.status_code == 422
    assert "has this meaning already" in answer.content.decode()


def test_what_is_not_readable_is_told_on_the_page(ben: Membership, signed_in: SignedIn) -> None:
    client = signed_in(ben)

    client.post(reverse("import"), {"text": "Dear Sirs,"})
    page = client.get(reverse("import_draft", args=[ImportDraft.objects.get().pk]))

    assert "This file cannot be imported as it is" in page.content.decode()
    assert "The file is not JSON" in page.content.decode()


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


def test_a_large_file_is_read_in_the_background(
    ben: Membership, signed_in: SignedIn, clock: TurnedClock
) -> None:
    client = signed_in(ben)
    large = json.dumps(samples()).encode() + b" " * AT_ONCE

    page = upload(client, "documents.json", large).content.decode()
    assert "You can leave this page" in page
    _work(clock)
    answer = client.get(reverse("import_status", args=[ImportDraft.objects.get().pk]))
    assert answer.headers["HX-Redirect"]
    press(client, "keep_import")
    assert not Document.objects.exists()
    _work(clock)

    assert Document.objects.count() == len(samples())
    assert ImportDraft.objects.get().state == DraftState.DONE
    assert list(ImportWork(clock).due(clock.now())) == []


def test_a_discarded_file_is_forgotten(ben: Membership, signed_in: SignedIn) -> None:
    client = signed_in(ben)
    upload(client, "documents.json", json.dumps(samples()).encode())

    press(client, "discard_import")

    assert not ImportDraft.objects.exists()
    assert not Document.objects.exists()


def test_nobody_sees_the_files_of_others(
    anna: Membership, ben: Membership, signed_in: SignedIn, at: datetime
) -> None:
    upload(signed_in(ben), "documents.json", json.dumps(samples()).encode())

    answer = signed_in(anna).get(reverse("import_draft", args=[ImportDraft.objects.get().pk]))

    assert answer.status_code == 404


def _work(clock: TurnedClock) -> None:
    work = ImportWork(clock)
    for key in work.due(clock.now()):
        work.do(key, threading.Event())


def _names(page: Any) -> list[str]:
    return [name for name in page.context["mapping_form"].fields if not name.startswith("fixed")]
