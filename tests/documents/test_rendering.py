"""PDFs say what the documents say, in their language, on every machine the same."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from outtray.documents.checking import check
from outtray.documents.kinds.registry import KINDS
from outtray.documents.languages import LANGUAGES
from outtray.documents.pdf.payment import qr_of
from outtray.documents.pdf.typesetting import Pdf
from outtray.documents.schema.paper import Paper
from outtray.lib.errors import Refused
from outtray.people.models import Company
from tests.documents.builders import (
    Raw,
    company,
    document_of,
    invoice_of,
    line,
    pictures,
    raw,
    render,
)
from tests.servers.presence import require

Asked = Callable[..., str]


@pytest.fixture
def ask(tmp_path: Path) -> Asked:
    """Asks one of poppler's tools about a PDF."""

    def ask(tool: str, pdf: Pdf, *arguments: str) -> str:
        path = tmp_path / "document.pdf"
        path.write_bytes(pdf.content)
        command = [tool, *arguments, str(path), *(["-"] if tool == "pdftotext" else [])]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    return ask


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_set_in_every_language(kind: str, language: str, ask: Asked) -> None:
    pdf = render(document_of(raw(kind, language=language)))

    text = ask("pdftotext", pdf, "-layout")
    assert KINDS[kind].label(language) in text
    assert str(raw(kind)["number"]) in text
    assert "Nordwind Handels GmbH" in text
    assert "{" not in text
    assert pdf.pages == 1
    assert pdf.filename.endswith(f"{raw(kind)['number']}.pdf")


@pytest.mark.parametrize(
    ("language", "total", "date"),
    [
        ("en", "€4,160.07", "23 Nov 2026"),
        ("de", "4.160,07 €", "23.11.2026"),
        ("fr", "4 160,07 €", "23 nov. 2026"),
        ("es", "4.160,07 €", "23 nov 2026"),
    ],
)
def test_numbers_and_dates_are_written_as_the_language_does(
    language: str, total: str, date: str, ask: Asked
) -> None:
    pdf = render(document_of(raw("invoice", language=language)))

    text = " ".join(ask("pdftotext", pdf, "-layout").replace("\u202f", " ").split())
    assert total in text
    assert date in text


def test_the_same_document_gives_the_same_bytes() -> None:
    first = render(document_of(raw("invoice")))

    again = render(document_of(raw("invoice")))

    assert again.content == first.content


def test_threads_set_documents_side_by_side() -> None:
    expected = render(document_of(raw("invoice"))).content
    made: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: made.append(render(document_of(raw("invoice"))).content))
        for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [expected] * 4


def test_the_pdf_is_tagged_and_says_what_and_whose_it_is(ask: Asked) -> None:
    pdf = render(document_of(raw("invoice")))

    said = dict(entry.split(":", 1) for entry in ask("pdfinfo", pdf).splitlines())
    assert said["Tagged"].strip() == "yes"
    assert said["Title"].strip() == "Rechnung RE-2026-1043"
    assert said["Author"].strip() == "Nordwind Handels GmbH"
    assert said["Page size"].strip().endswith("(A4)")
    assert b"/Lang(de-DE)" in pdf.content


def test_all_fonts_are_embedded(ask: Asked) -> None:
    pdf = render(document_of(raw("invoice", party={"number": "1", "name": "北京风能 שלום"})))

    fonts = ask("pdffonts", pdf).splitlines()[2:]
    assert len(fonts) >= 4
    assert all(font.split()[-5] == "yes" for font in fonts)


def test_few_lines_and_many_words_count_their_pages(ask: Asked) -> None:
    intro = "\n".join(f"The {number}. thing that must be said before." for number in range(45))

    pdf = render(document_of(invoice_of(line(), intro=intro)))

    assert pdf.pages == 2
    assert "Seite 2 von 2" in ask("pdftotext", pdf, "-layout")


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (30, 2), (200, 6)])
def test_long_documents_repeat_their_header_and_count_their_pages(
    count: int, pages: int, ask: Asked
) -> None:
    pdf = render(document_of(invoice_of(*[line() for _ in range(count)])))

    text = ask("pdftotext", pdf, "-layout")
    assert pdf.pages == pages
    assert text.count("Einzelpreis") == pages
    assert f"Seite {pages} von {pages}" in text


def test_a_company_in_america_writes_on_letter_paper(ask: Asked) -> None:
    harborline = Company(name="Harborline Inc.", country="US", language="en", paper="us-letter")

    pdf = render(document_of(raw("invoice", language="en", currency="USD"), harborline))

    assert "(letter)" in ask("pdfinfo", pdf)
    assert "$4,160.07" in ask("pdftotext", pdf)
    assert "Nov 23, 2026" in ask("pdftotext", pdf)


@pytest.mark.parametrize("name", ["北京风能有限公司", "株式会社北風商事", "북풍 무역", "Ελλάς Мир"])
def test_names_of_other_scripts_can_be_read_back(name: str, ask: Asked) -> None:
    pdf = render(document_of(raw("invoice", party={"number": "1", "name": name})))

    assert name in ask("pdftotext", pdf)


@pytest.mark.parametrize("name", ["شركة الرياح الشمالية", "רוח צפונית תל אביב"])
def test_names_from_right_to_left_can_be_read_back(name: str, ask: Asked) -> None:
    pdf = render(document_of(raw("invoice", party={"number": "1", "name": name})))

    assert name in ask("pdftotext", pdf)


def test_a_character_without_glyph_is_named_never_boxed() -> None:
    document = document_of(raw("invoice"))
    document.data["party"]["name"] = "Cheese \N{CHEESE WEDGE}"

    with pytest.raises(Refused) as refused:
        render(document)

    assert refused.value.code == "missing_glyph"
    assert refused.value.field == "party.name"
    assert "U+1F9C0, CHEESE WEDGE" in refused.value.detail


def test_a_name_of_two_directions_is_read_from_its_first_letter_on(ask: Asked) -> None:
    party = {"number": "1", "name": "Erste שלום Zweite"}

    pdf = render(document_of(raw("invoice", party=party)))

    words = re.findall(r'xMin="([\d.]+)".*>(\S+)</word>', ask("pdftotext", pdf, "-bbox"))
    left = {word: float(place) for place, word in words}
    assert left["Erste"] < left["Zweite"]


def test_markup_in_the_data_stays_text(ask: Asked) -> None:
    evil = '#read("/etc/passwd") *bold* $x$ @label <tag> \\ // #panic()'

    pdf = render(document_of(invoice_of(line(description=evil))))

    text = " ".join(ask("pdftotext", pdf).split())
    assert '#read("/etc/passwd") *bold*' in text
    assert "root:" not in text


def paper(document: Raw) -> Paper:
    found, problems = check(document, company())
    assert found, problems
    return found


def test_only_euros_to_an_iban_get_a_code_to_scan() -> None:
    invoice = KINDS["invoice"]
    nowhere = {"bank": {"name": "Cash desk"}}

    assert qr_of(invoice, paper(raw("invoice"))).startswith("<svg")
    assert qr_of(invoice, paper(raw("invoice", currency="USD"))) == ""
    assert qr_of(invoice, paper(raw("invoice", issuer=nowhere))) == ""
    assert qr_of(KINDS["sales_order"], paper(raw("sales_order"))) == ""


def test_what_no_code_can_hold_is_paid_by_hand() -> None:
    bank = {"holder": "北" * 70, "iban": "DE89370400440532013000"}
    long = raw("invoice", issuer={"bank": bank}, number="北" * 50)

    assert qr_of(KINDS["invoice"], paper(long)) == ""


def test_a_banking_app_reads_what_is_to_be_paid(tmp_path: Path) -> None:
    require("zbarimg", "zbar-tools")
    (tmp_path / "invoice.pdf").write_bytes(render(document_of(raw("invoice"))).content)
    picture = ["pdftoppm", "-r", "150", "-png", "-singlefile", "invoice.pdf", "invoice"]
    subprocess.run(picture, check=True, cwd=tmp_path)

    read = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "invoice.png"],
        check=True, capture_output=True, text=True, cwd=tmp_path,
    ).stdout  # fmt: skip

    assert read.strip().splitlines() == [
        "BCD", "002", "1", "SCT", "COBADEFFXXX", "Nordwind Handels GmbH",
        "DE89370400440532013000", "EUR4160.07", "", "", "RE-2026-1043",
    ]  # fmt: skip


def test_differing_quantities_are_marked() -> None:
    svg = b"".join(pictures(document_of(raw("item_receipt"))))

    assert b"#b4470f" in svg
