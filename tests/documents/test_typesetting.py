"""A document's data and a look are all that a process needs to set its PDF."""

from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from outtray.documents.pdf.look import Look
from outtray.documents.pdf.typesetting import EmbeddedFile, typeset_paper
from tests.documents.builders import document_of, look_of, raw

XML = EmbeddedFile("factur-x.xml", "<Invoice>Grüße</Invoice>", description="The invoice as data")


def test_another_process_sets_the_same_pages_without_a_database() -> None:
    document = document_of(raw("invoice"))
    here = typeset_paper("invoice", document.data, look_of(document))

    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawned) as elsewhere:
        asked = elsewhere.submit(typeset_paper, "invoice", document.data, look_of(document))
        there = asked.result()

    assert there == here


def test_setting_pages_needs_no_django() -> None:
    asked = "import sys, outtray.documents.pdf.typesetting; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_a_look_is_the_same_after_a_journey() -> None:
    look = look_of(document_of(raw("invoice")))

    assert pickle.loads(pickle.dumps(look)) == look


def test_a_file_travels_inside_a_pdf_for_the_archive(tmp_path: Path) -> None:
    document = document_of(raw("invoice"))

    pdf = typeset_paper("invoice", document.data, Look(), attach=XML, standard="a-3b")

    path = tmp_path / "invoice.pdf"
    path.write_bytes(pdf.content)
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, path], check=True)
    assert (tmp_path / "factur-x.xml").read_text() == XML.content
    assert b"/AFRelationship/Alternative" in pdf.content.replace(b" ", b"")
    assert b"pdfaid:part" in pdf.content
