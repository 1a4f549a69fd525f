"""UBL, CII and Factur-X become the same papers as JSON does, and never another sum."""

from __future__ import annotations

import zlib

import pytest

from outtray.documents.imports.xml.parsing import parse_xml
from outtray.documents.imports.xml.pdf import invoice_in
from outtray.documents.imports.xml.trade import Line, lines_of
from outtray.documents.kinds.registry import KINDS
from outtray.lib.errors import Refused
from outtray.people.models import Company
from tests.documents.imports.conftest import TakeIn, content_of, only

pytestmark = pytest.mark.django_db


def test_an_invoice_of_ubl_is_read_whole(take_in: TakeIn) -> None:
    invoice = only(take_in("ubl-invoice.xml"))

    data = invoice.data
    assert (invoice.kind, invoice.number, str(invoice.total)) == (
        "invoice",
        "RE-2026-3001",
        "129.410",
    )
    assert (str(invoice.date), str(invoice.due_date)) == ("2026-11-23", "2026-12-07")
    assert invoice.party.number == "10008"
    assert invoice.party.main_email == "juergen@ahrens.example"
    assert data["party"]["address"]["city"] == "Osnabrück"
    assert data["issuer"]["bank"]["iban"] == "DE89370400440532013000"
    assert data["ship_to"]["address"]["city"] == "Bremen"
    assert (data["your_reference"], data["order_number"]) == ("PO-77", "SO-5")
    assert data["buyer_reference"] == "04011000-12345-67"
    assert data["totals"] == {
        "net": "108.75",
        "tax": "20.66",
        "gross": "129.41",
        "paid": "29.41",
        "due": "100",
    }


def test_discounts_and_charges_become_percentages_or_lines_of_their_own(take_in: TakeIn) -> None:
    lines = only(take_in("ubl-invoice.xml")).data["lines"]

    assert [(line["description"], line["total"]) for line in lines] == [
        ("Lamp", "90"),
        ("Fitting", "8"),
        ("Night work", "0.75"),
        ("Freight", "10"),
    ]
    assert (lines[0]["unit_price"], lines[0]["discount_percent"]) == ("10", "10")
    assert (lines[0]["item"], lines[0]["details"], lines[0]["unit_code"]) == (
        "L-1",
        "With cable",
        "H87",
    )


def test_an_invoice_of_cii_is_read_whole(take_in: TakeIn) -> None:
    invoice = only(take_in("cii-invoice.xml"))

    data = invoice.data
    assert (invoice.number, str(invoice.total)) == ("RE-2026-4001", "122.810")
    assert (str(invoice.due_date), data["delivery_date"]) == ("2026-12-07", "2026-11-20")
    assert invoice.party.main_email == "post@stoertebeker.example"
    assert [tax["rate"] for tax in data["taxes"]] == ["19", "0"]
    assert data["taxes"][1]["exemption_reason"] == "Free by § 4"
    assert data["lines"][1]["tax_category"] == "E"


@pytest.mark.parametrize("is_packed", [True, False])
def test_the_invoice_is_taken_out_of_a_factur_x_pdf(take_in: TakeIn, is_packed: bool) -> None:
    pdf = _pdf_with(content_of("cii-invoice.xml"), is_packed=is_packed)

    assert only(take_in("invoice.pdf", pdf)).number == "RE-2026-4001"


@pytest.mark.parametrize(
    ("file", "kind", "number", "party"),
    [
        ("ubl-order.xml", "purchase_order", "BE-100", "V-7"),
        ("ubl-order-for-us.xml", "sales_order", "PO-9", "10008"),
        ("ubl-order-response.xml", "order_confirmation", "AB-55", "10008"),
        ("ubl-receipt-advice.xml", "item_receipt", "WE-12", "V-7"),
        ("ubl-reminder.xml", "payment_reminder", "MA-3", "10008"),
    ],
)
def test_each_document_of_ubl_becomes_its_kind(
    take_in: TakeIn, nordwind: Company, file: str, kind: str, number: str, party: str
) -> None:
    nordwind.vat_id = "DE136695976"
    nordwind.save()

    document = only(take_in(file))

    assert (document.kind, document.number, document.party.number) == (kind, number, party)
    assert document.party.main_email


def test_a_receipt_says_what_was_missing(take_in: TakeIn) -> None:
    (line,) = only(take_in("ubl-receipt-advice.xml")).data["lines"]

    assert (line["ordered"], line["received"]) == ("4", "3")


def test_a_reminder_has_its_level_fee_and_invoices(take_in: TakeIn) -> None:
    reminder = only(take_in("ubl-reminder.xml"))

    assert (reminder.data["level"], str(reminder.total)) == (2, "124.000")
    assert reminder.data["invoices"][0]["due_date"] == "2026-09-15"


def test_a_credit_note_is_a_credit_memo(take_in: TakeIn) -> None:
    result = take_in("ubl-credit-note.xml")

    if "credit_memo" in KINDS:
        assert only(result).data["invoice_number"] == "RE-1"
    else:
        assert result.refused[0].problems[0].code == "unknown_kind"


def test_somebody_elses_invoice_is_not_taken_as_ours(take_in: TakeIn, nordwind: Company) -> None:
    nordwind.vat_id = "DE811569869"
    nordwind.save()

    (refused,) = take_in("cii-invoice.xml").refused

    assert refused.problems[0].code == "issued_by_others"


@pytest.mark.parametrize(
    ("file", "usual", "code", "said"),
    [
        ("cii-invoice.xml", b">380<", b">384<", "a correction of another invoice"),
        ("cii-invoice.xml", b">380<", b">389<", "an invoice that its receiver wrote"),
        ("cii-invoice.xml", b">380<", b">751<", "no invoice"),
        ("cii-invoice.xml", b">380<", b">999<", "Its type 999 cannot be kept"),
        ("ubl-invoice.xml", b">380<", b">386<", "a payment in advance"),
        ("ubl-credit-note.xml", b">381<", b">261<", "a credit note that its receiver wrote"),
    ],
)
def test_what_would_go_out_as_something_else_is_refused(
    take_in: TakeIn, file: str, usual: bytes, code: bytes, said: str
) -> None:
    (refused,) = take_in(file, content_of(file).replace(usual, code, 1)).refused

    (problem,) = refused.problems
    assert (problem.path, problem.code) == ("kind", "other_type")
    assert said in problem.message


@pytest.mark.parametrize("code", [b"326", b"388", b"877"])
def test_other_words_for_an_invoice_are_invoices(take_in: TakeIn, code: bytes) -> None:
    content = content_of("cii-invoice.xml").replace(b">380<", b">" + code + b"<", 1)

    assert only(take_in("cii-invoice.xml", content)).kind == "invoice"


def test_sums_that_do_not_fit_are_refused(take_in: TakeIn) -> None:
    wrong = content_of("cii-invoice.xml").replace(b">122.81<", b">122.18<")

    (refused,) = take_in("invoice.xml", wrong).refused

    assert {problem.code for problem in refused.problems} == {"wrong_total"}


def test_a_discount_that_no_percentage_makes_is_a_line(take_in: TakeIn) -> None:
    from outtray.documents.imports.xml.trade import Allowance

    line = Line(
        position="1",
        item="",
        description="Lamp",
        details="",
        quantity="100000",
        unit_code="H87",
        price="9999.99",
        base="",
        tax_rate="19",
        category="S",
        total="999998999.99",
        allowances=[Allowance(is_charge=False, amount="0.01", reason="Rounding")],
    )

    whole, discount = lines_of([line], "EUR")

    assert "discount_percent" not in whole
    assert (whole["total"], discount["unit_price"]) == ("999999000.00", "-0.01")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "unsafe_xml"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>', "unsafe_xml"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "unsafe_xml"),
        (b"<a>" * 100 + b"</a>" * 100, "unsafe_xml"),
        (b"<a>" + b"<b/>" * 400_001 + b"</a>", "unsafe_xml"),
        (b"<" + b"a" * 300 + b"/>", "unsafe_xml"),
        (b"<a><b></a>", "not_xml"),
        (b"<a", "not_xml"),
        (b"<?xml version='1.0' encoding='klingon'?><a/>", "not_xml"),
        (b"<a>\x00</a>", "not_xml"),
    ],
)
def test_hostile_xml_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_xml(content)

    assert refusal.value.code == code


def test_xml_that_is_no_document_of_ours_is_named(take_in: TakeIn) -> None:
    with pytest.raises(Refused, match="“Catalogue”") as refusal:
        take_in("x.xml", b"<Catalogue/>")
    with pytest.raises(Refused, match="web page"):
        take_in("x.xml", b"<html></html>")

    assert refusal.value.code == "unknown_xml"


@pytest.mark.parametrize(
    ("pdf", "code"),
    [
        (b"%PDF-1.7\nnothing", "no_invoice_in_pdf"),
        (b"%PDF-1.7\n/Encrypt 5 0 R", "no_invoice_in_pdf"),
        (
            b"%PDF-1.7\n1 0 obj << /Type /EmbeddedFile /Filter /FlateDecode >>\nstream\n"
            + zlib.compress(b" " * (21 * 1024 * 1024)),
            "unsafe_xml",
        ),
    ],
)
def test_a_pdf_without_an_invoice_is_refused(pdf: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        invoice_in(pdf)

    assert refusal.value.code == code


def test_a_pdf_that_breaks_off_says_so() -> None:
    whole = _pdf_with(content_of("cii-invoice.xml"), is_packed=True)

    with pytest.raises(Refused, match="breaks off") as refusal:
        invoice_in(whole[: len(whole) // 2])

    assert refusal.value.code == "no_invoice_in_pdf"


def test_a_pdf_with_two_invoices_is_refused() -> None:
    first, second = content_of("cii-invoice.xml"), content_of("cii-invoice.xml") + b"\n"
    pdf = _pdf_with(first, is_packed=True) + _pdf_with(second, is_packed=True)

    with pytest.raises(Refused) as refusal:
        invoice_in(pdf)

    assert refusal.value.code == "several_invoices_in_pdf"


def _pdf_with(xml: bytes, *, is_packed: bool) -> bytes:
    """As much of a PDF/A-3 as carries a file (ISO 32000-1 §7.11.4)."""
    content = zlib.compress(xml) if is_packed else xml
    packing = b" /Filter /FlateDecode" if is_packed else b""
    length = str(len(content)).encode()
    return (
        b"%PDF-1.7\n4 0 obj\n<< /Type /EmbeddedFile /Subtype /text#2Fxml /Length "
        + length
        + packing
        + b" >>\nstream\n"
        + content
        + b"\nendstream\nendobj\n%%EOF\n"
    )
