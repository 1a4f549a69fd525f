"""Pages look and read as they did: to the pixel and to the word.

Whoever changes a layout on purpose writes them anew (`golden_cases.py`) and looks at what
has changed.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from outtray.documents.pdf.look import Look
from outtray.documents.pdf.typesetting import typeset_paper
from tests.documents.builders import document_of, invoice_of, line
from tests.documents.golden_cases import FOLDER, Case, cases

CASES = cases()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_page_looks_as_it_did(case: Case) -> None:
    assert case.picture == (FOLDER / f"{case.name}.png").read_bytes()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_page_reads_as_it_did(case: Case) -> None:
    assert case.text == (FOLDER / f"{case.name}.txt").read_text()


def test_nothing_is_kept_that_nothing_makes() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(CASES)


def test_two_thousand_lines_are_all_there(tmp_path: Path) -> None:
    rows = [line(description=f"Lamp {number}") for number in range(1, 2001)]
    data = document_of(invoice_of(*rows)).data

    pdf = typeset_paper("invoice", data, Look())

    (tmp_path / "long.pdf").write_bytes(pdf.content)
    read = ["pdftotext", "-raw", str(tmp_path / "long.pdf"), "-"]
    words = subprocess.run(read, check=True, capture_output=True, text=True).stdout
    assert all(f"Lamp {number} " in words for number in (1, 999, 2000))
    assert f"Seite {pdf.pages} von {pdf.pages}" in words
    assert words.count("Einzelpreis") == pdf.pages
    assert "47.600,00 €" in words.replace("\N{NO-BREAK SPACE}", " ")
