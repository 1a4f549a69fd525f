"""The files that go out: Factur-X that others can read, UBL beside the PDF, or neither."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import facturx
import pytest
from click.testing import CliRunner
from lxml import etree
from pypdf import PdfReader

from outtray.cli.main import main
from outtray.compose.letter import compose
from outtray.documents.e_invoices import report_on
from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.factur_x import UnknownPdfError, with_factur_x
from outtray.documents.einvoice.settle import settle_facts, settle_form, units_from
from outtray.documents.einvoice.settled import EInvoices
from outtray.documents.einvoice.strangers import check_file
from outtray.documents.einvoice.wishes import EInvoiceWish, Form, WhenWrong
from outtray.documents.files import DocumentFiles, files_of_paper
from outtray.documents.pdf.look import Look
from outtray.lib.errors import Refused
from outtray.people.models import Membership
from tests import builders
from tests.conftest import TurnedClock
from tests.documents.builders import Raw, bring_in, company, document_of, invoice_of, line, raw
from tools.schemas import digest_of, recorded_files

WITH_VAT_ID = {"vat_id": "DE136695976"}
WITHOUT_VAT_ID = {"name": "Nordwind", "vat_id": "", "registration": ""}


def files(document: Raw, form: Form, when_wrong: WhenWrong = WhenWrong.HOLD) -> DocumentFiles:
    kept = document_of(document)
    return files_of_paper(kept.kind, kept.data, Look(), EInvoiceWish(form, when_wrong))


def test_a_recipient_takes_the_invoice_out_of_the_pdf_and_finds_it_right() -> None:
    made = files(raw(), Form.FACTUR_X)

    (pdf,) = made.files
    name, xml = facturx.get_xml_from_pdf(io.BytesIO(pdf.content), check_xsd=True)  # type: ignore[no-untyped-call]
    assert name == "factur-x.xml"
    assert facturx.get_level(etree.fromstring(xml)) == "en16931"  # type: ignore[no-untyped-call]
    assert check_file(pdf.content) == check_file(xml)
    assert check_file(xml).problems == ()


def test_the_metadata_say_what_is_embedded_and_the_first_list_of_extensions_tells_of_it() -> None:
    (pdf,) = files(raw(), Form.FACTUR_X).files

    reader = PdfReader(io.BytesIO(pdf.content), strict=True)
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
    assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in metadata
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert metadata.count("<pdfaExtension:schemas>") == 1
    assert "<pdfaSchema:prefix>fx</pdfaSchema:prefix>" in metadata
    root: Any = reader.trailer["/Root"]
    (attached,) = root["/AF"]
    assert attached["/AFRelationship"] == "/Alternative"
    assert attached["/EF"]["/F"]["/Subtype"] == "/text/xml"
    assert len(reader.pages) == 1


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"%PDF-1.7 and nothing more",
        b"1 0 obj<</Metadata 2 0 R>>endobj xref trailer<</Root 1 0 R>>startxref\n31\n%%EOF",
    ],
)
def test_a_pdf_that_is_not_written_as_we_know_it_is_not_amended(broken: bytes) -> None:
    with pytest.raises(UnknownPdfError):
        with_factur_x(broken)


def test_ubl_is_a_file_of_its_own_beside_the_pdf() -> None:
    made = files(raw(), Form.UBL)

    assert [(file.filename, file.content_type) for file in made.files] == [
        ("Rechnung-RE-2026-1043.pdf", "application/pdf"),
        ("Rechnung-RE-2026-1043.xml", "application/xml"),
    ]
    assert check_file(made.files[1].content).form == "UBL Invoice"
    with pytest.raises(Refused, match="PDF"):
        check_file(made.files[0].content)


def test_a_document_that_breaks_a_rule_is_held_and_says_which() -> None:
    with pytest.raises(Refused) as refused:
        files(raw(issuer=WITHOUT_VAT_ID), Form.FACTUR_X)

    assert refused.value.code == "einvoice_wrong"
    assert "RE-2026-1043 breaks a rule" in refused.value.detail
    assert "VAT ID" in refused.value.detail
    assert "(BR-S-02)" in refused.value.detail


def test_or_it_goes_out_as_a_pdf_alone_if_the_company_wants_that() -> None:
    made = files(raw(issuer=WITHOUT_VAT_ID), Form.BOTH, WhenWrong.SEND_WITHOUT)

    assert [file.content_type for file in made.files] == ["application/pdf"]
    assert b"/EmbeddedFile" not in made.files[0].content
    assert {problem.rule for problem in made.problems} == {"BR-S-02"}


def test_what_cannot_be_printed_is_refused_before_it_is_embedded() -> None:
    document = document_of(invoice_of(line()))
    document.data["lines"][0]["description"] = "Lamp \N{GOTHIC LETTER AHSA}"

    with pytest.raises(Refused, match="No font here can print") as refused:
        files_of_paper("invoice", document.data, Look(), EInvoiceWish(Form.FACTUR_X))

    assert refused.value.code == "missing_glyph"


def test_the_same_document_gives_the_same_bytes() -> None:
    assert files(raw(), Form.BOTH) == files(raw(), Form.BOTH)


def test_a_letter_carries_what_is_settled_for_its_kind(
    anna: Membership, clock: TurnedClock
) -> None:
    settle_form(anna, "invoice", form=Form.UBL, when_wrong=WhenWrong.HOLD)
    mailbox = builders.user_email(anna, at=clock.now())
    invoice = bring_in(raw(issuer=WITH_VAT_ID), anna, clock).documents[0]
    order = bring_in(raw("sales_order"), anna, clock).documents[0]

    with_xml = compose([invoice], mailbox=mailbox).enclosures
    without = compose([order], mailbox=mailbox).enclosures

    assert [each.content_type for each in with_xml] == ["application/pdf", "application/xml"]
    assert [each.document for each in with_xml] == [invoice, None]
    assert [each.content_type for each in without] == ["application/pdf"]


def test_one_form_can_be_chosen_for_all_kinds_at_once(anna: Membership) -> None:
    settle_form(anna, "invoice", form=Form.FACTUR_X, when_wrong=WhenWrong.SEND_WITHOUT)

    chosen = EInvoices.of(anna.company).in_form(Form.UBL)

    assert chosen.wish_for("invoice").form == Form.UBL
    assert chosen.wish_for("invoice").when_wrong == WhenWrong.SEND_WITHOUT
    assert chosen.wish_for("sales_order").form == Form.UBL


def test_only_an_administrator_settles_forms_and_only_those_that_a_kind_has(
    anna: Membership, ben: Membership
) -> None:
    with pytest.raises(Refused, match="Only an administrator"):
        settle_form(ben, "invoice", form=Form.UBL, when_wrong=WhenWrong.HOLD)
    with pytest.raises(Refused, match="Only an administrator"):
        settle_facts(ben, CompanyFacts())
    with pytest.raises(Refused, match="cannot go out as factur-x"):
        settle_form(anna, "sales_order", form=Form.FACTUR_X, when_wrong=WhenWrong.HOLD)
    with pytest.raises(Refused, match="no kind of document"):
        settle_form(anna, "fax", form=Form.UBL, when_wrong=WhenWrong.HOLD)


def test_own_words_for_units_are_read_line_by_line() -> None:
    assert units_from("Gebinde = XPK\n\nRüstzeit. = HUR ") == {"gebinde": "XPK", "rustzeit": "HUR"}
    with pytest.raises(Refused, match="not a word, an equals sign and a code"):
        units_from("Gebinde")


def test_the_report_tells_what_the_recipients_software_will_read(
    anna: Membership, clock: TurnedClock
) -> None:
    settle_form(anna, "invoice", form=Form.BOTH, when_wrong=WhenWrong.HOLD)
    settle_facts(anna, CompanyFacts(tax_number="22/815/08154"))
    document = bring_in(raw(issuer=WITH_VAT_ID), anna, clock).documents[0]

    report = report_on(document)

    assert report
    assert report.problems == ()
    said = {each.label: each.value for each in report.said}
    assert said["Total"] == "4160.07 EUR"
    assert said["To pay"] == "4160.07 EUR by 7 Dec 2026"
    assert "Möbelhaus Ahrens KG" in said["Buyer"]
    assert not report.is_held


def test_the_command_checks_whoever_wrote_it(tmp_path: Path) -> None:
    good, bad, other = (tmp_path / name for name in ("good.pdf", "bad.xml", "other.xml"))
    good.write_bytes(files(raw(), Form.FACTUR_X).files[0].content)
    xml = files(raw(), Form.UBL).files[1].content
    bad.write_bytes(xml.replace(b">4160.07<", b">4160.08<"))
    other.write_bytes(b"<order/>")

    right = CliRunner().invoke(main, ["einvoice", "check", str(good)])
    wrong = CliRunner().invoke(main, ["einvoice", "check", "--json", str(bad)])
    neither = CliRunner().invoke(main, ["einvoice", "check", str(other)])

    assert (right.exit_code, right.output) == (0, "good.pdf: CII is right.\n")
    assert wrong.exit_code == 1
    assert "BR-CO-15" in {each["rule"] for each in json.loads(wrong.output)["problems"]}
    assert neither.exit_code == 1
    assert "no document that is checked here" in neither.output


@pytest.mark.parametrize(
    "bomb",
    [
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "http://localhost:1/a.dtd"><a/>',
        b"<a",
        b"",
    ],
)
def test_entities_and_document_types_are_not_read(bomb: bytes) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        check_file(bomb)


def test_the_schemas_are_as_their_publishers_wrote_them() -> None:
    for path, digest in recorded_files():
        assert digest_of(path) == digest, path


def test_no_schema_reaches_beyond_its_folder() -> None:
    named = {
        path.parent / location
        for path, _ in recorded_files()
        for location in re.findall(r'schemaLocation="([^"]*)"', path.read_text())
    }

    missing = [path.name for path in named if not path.exists()]
    assert missing == ["UBL-ExtensionContentDataType-2.1.xsd"]  # ours stands in for it


def test_without_the_extra_nothing_is_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(Refused) as refused:
        files(raw(), Form.UBL)

    assert refused.value.code == "einvoice_missing"
    assert files(raw(), Form.NONE).files[0].content_type == "application/pdf"
    assert company()
