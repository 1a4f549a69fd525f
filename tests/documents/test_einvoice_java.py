"""What the validators of others say, where somebody has them: veraPDF and Mustang, on Java.

    OUTTRAY_TEST_VERAPDF=/opt/verapdf.jar OUTTRAY_TEST_MUSTANG=/opt/Mustang-CLI.jar \\
        make test ARGS="-m java"

Without a jar its test is skipped, in CI too: nothing may depend on what few can have.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from outtray.config import env
from outtray.documents.einvoice.wishes import EInvoiceWish, Form
from outtray.documents.files import files_of_paper
from outtray.documents.pdf.look import Look
from tests.documents.builders import document_of, raw
from tests.servers.presence import require

pytestmark = pytest.mark.java

KINDS = ("invoice", "credit_memo")


@pytest.fixture(params=KINDS)
def factur_x(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    document = document_of(raw(request.param))
    made = files_of_paper(document.kind, document.data, Look(), EInvoiceWish(Form.FACTUR_X))
    path = tmp_path / made.files[0].filename
    path.write_bytes(made.files[0].content)
    return path


def test_verapdf_finds_a_pdf_a_3b(factur_x: Path) -> None:
    said = asked(
        "OUTTRAY_TEST_VERAPDF",
        *("-cp", "{jar}", "org.verapdf.apps.GreenfieldCliWrapper"),
        *("--flavour", "3b", "--format", "text", str(factur_x)),
    )

    assert said.startswith("PASS"), said


def test_mustang_finds_a_valid_invoice(factur_x: Path) -> None:
    said = asked(
        "OUTTRAY_TEST_MUSTANG",
        *("-jar", "{jar}", "--no-notices", "--action", "validate", "--source", str(factur_x)),
    )

    assert 'status="valid"' in said, said
    assert 'status="invalid"' not in said, said


def asked(setting: str, *arguments: str) -> str:
    jar = env.text(setting, "")
    if not jar:
        pytest.skip(f"{setting} names no jar")
    java = require("java", "default-jre-headless")
    command = [str(java), *(each.format(jar=jar) for each in arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout
