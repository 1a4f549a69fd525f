"""Tables come in whatever program wrote them, and say in which row something is wrong."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outtray.documents.importing import Format
from outtray.documents.imports.csv.dialect import DELIMITERS, read_table
from outtray.documents.imports.csv.guess import guess_columns, guess_mapping
from outtray.documents.imports.csv.mapping import Mapping
from outtray.documents.imports.csv.remembered import remember
from outtray.documents.imports.csv.values import (
    date_order_of,
    decimal_sign_of,
    read_date,
    read_number,
)
from outtray.documents.models import Document
from outtray.lib.errors import Refused
from outtray.people.models import Membership
from tests.documents.imports.conftest import TakeIn, only

HEADER = "Invoice Number,Invoice Date,Customer Number,Customer Name,Currency,Description,Quantity,"
HEADER += "Unit Price,VAT Rate\n"


@pytest.mark.django_db
@pytest.mark.parametrize("file", ["rechnungen.csv", "rechnungen-1252.csv"])
def test_rows_of_one_number_are_one_document(take_in: TakeIn, file: str) -> None:
    result = take_in(file)

    first, second = result.documents
    assert (first.number, first.total, str(first.due_date)) == (
        "RE-2026-2001",
        Decimal("2975.60"),
        "2026-12-07",
    )
    assert [line["description"] for line in first.data["lines"]] == [
        'Lampe "Kap Horn"; groß',
        "Leuchtmittel",
    ]
    assert second.party.name == "Café Störtebeker"
    assert [item.place for item in result.items] == ["rows 2 to 3", "row 4"]


@pytest.mark.django_db
def test_french_tables_and_reminders_are_understood(take_in: TakeIn) -> None:
    facture, reminder = only(take_in("factures.csv")), only(take_in("mahnungen.csv"))

    assert (facture.kind, facture.data["lines"][0]["unit_price"]) == ("invoice", "1234.5")
    assert (reminder.kind, reminder.total) == ("payment_reminder", Decimal("157.00"))


@pytest.mark.django_db
def test_each_wrong_row_is_named(take_in: TakeIn) -> None:
    result = take_in("invoices-wrong.csv")

    said = [problem.message for item in result.refused for problem in item.problems]
    assert [item.number for item in result.refused] == ["INV-1", "INV-2", "INV-3", ""]
    assert said[0].startswith("Row 2: Line 1: The quantity must be a number")
    assert said[1].startswith("Row 3: The party's main email is not usable")
    assert said[2].startswith("Row 5: Date is “2026-11-24” here")
    assert any(each.startswith("Row 6: The number") for each in said)
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_a_formula_is_a_text_like_any_other(take_in: TakeIn) -> None:
    (document,) = take_in("invoices-wrong.csv", keep_going=True).documents

    assert document.party.name == "=cmd|'/C calc'!A0"
    assert document.data["lines"][0]["description"] == '=HYPERLINK("http://evil.example","Lamp")'


@pytest.mark.django_db
def test_days_that_could_be_months_are_not_guessed_unseen(take_in: TakeIn) -> None:
    unclear = HEADER + "I-1,03/04/2026,C1,Blue Lagoon Ltd,GBP,Lamp,1,10.00,20\n"

    with pytest.raises(Refused, match="day or the month") as refusal:
        take_in("invoices.csv", unclear.encode())

    assert refusal.value.code == "mapping_needed"


@pytest.mark.django_db
@pytest.mark.parametrize("how", [{}, {"mapping": Mapping("invoice", {})}])
def test_of_two_columns_with_one_name_none_is_taken_unseen(
    take_in: TakeIn, how: dict[str, object]
) -> None:
    twice = HEADER.strip() + ",quantity,Note,Note\n"
    twice += "I-1,2026-11-20,C1,Blue Lagoon Ltd,GBP,Lamp,1,10.00,20,5,a,b\n"

    with pytest.raises(Refused, match="several columns are called “Quantity”") as refusal:
        take_in("invoices.csv", twice.encode(), **how)

    assert refusal.value.code == "mapping_needed"


@pytest.mark.django_db
def test_a_person_says_which_of_two_columns_with_one_name_counts(take_in: TakeIn) -> None:
    twice = "Nr,Datum,Kunde,Name,Text,Menge,Preis,Menge\nI-1,2026-11-20,C1,Blue,Lamp,1,10.00,5\n"
    paths = {"Nr": "number", "Datum": "date", "Kunde": "party.number", "Name": "party.name"}
    paths |= {"Text": "lines.description", "Preis": "lines.unit_price"}
    fixed = {"currency": "EUR", "lines.tax_rate": "19"}
    settled = Mapping("invoice", {**paths, "Menge (8)": "lines.quantity"}, fixed)

    (document,) = take_in("invoices.csv", twice.encode(), mapping=settled).documents

    assert document.data["lines"][0]["quantity"] == "5"


@pytest.mark.django_db
def test_a_settled_mapping_is_used_again_for_its_header_and_company_alone(
    take_in: TakeIn, ben: Membership, clara: Membership, at: datetime
) -> None:
    table = "Wer;Was;Wann;Nr;Firma;Geld\nC1;Lamp;03.04.26;7;Blue Lagoon Ltd;1.000\n"
    mapping = Mapping(
        kind="invoice",
        columns={
            "Wer": "party.number",
            "Was": "lines.description",
            "Wann": "date",
            "Nr": "number",
            "Firma": "party.name",
            "Geld": "lines.unit_price",
        },
        fixed={"currency": "GBP", "lines.quantity": "1", "lines.tax_rate": "20"},
        decimal=",",
        dates="dmy",
    )

    with pytest.raises(Refused, match="no column is known"):
        take_in("table.csv", table.encode())
    remember(clara.company, read_table(table.encode()).header, mapping, by=None, at=at)
    with pytest.raises(Refused, match="no column is known"):
        take_in("table.csv", table.encode())
    remember(ben.company, read_table(table.encode()).header, mapping, by=ben.person, at=at)
    invoice = only(take_in("table.csv", table.encode()))

    assert (str(invoice.date), invoice.total) == ("2026-04-03", Decimal("1200"))


@pytest.mark.django_db
def test_a_mapping_can_be_given_along(take_in: TakeIn) -> None:
    mapping = Mapping.from_text(
        json.dumps({"kind": "sales_order", "columns": _COLUMNS, "dates": "mdy"})
    )
    table = HEADER + "I-1,03/04/2026,C1,Blue Lagoon Ltd,GBP,Lamp,1,10.00,20\n"

    order = only(take_in("x", table.encode(), format=Format.CSV, mapping=mapping))

    assert (order.kind, str(order.date)) == ("sales_order", "2026-03-04")


_COLUMNS = guess_columns(HEADER.strip().split(","), "invoice")


@pytest.mark.parametrize(
    "given",
    [
        [],
        {"kind": "ransom_note", "columns": {}},
        {"kind": "invoice", "columns": {"A": "lines.secret"}},
        {"kind": "invoice", "columns": {"A": "number", "B": "number"}},
        {"kind": "invoice", "columns": {"A": 5}},
        {"kind": "invoice", "columns": {}, "delimiter": "x"},
        {"kind": "invoice", "columns": {}, "colour": "red"},
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(given: object) -> None:
    with pytest.raises(Refused) as refusal:
        Mapping.from_text(json.dumps(given))

    assert refusal.value.code == "wrong_mapping"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"A;B\n\x00;1\n", "not_csv"),
        (b'A;B\n"unfinished;1\n', "not_csv"),
        (b"A;B\n", "empty"),
        (b";" * 300 + b"\n1\n", "not_csv"),
        (b"A;B\n" + b"x" * 10_001 + b";1\n", "not_csv"),
        (b"A;B\n" + b"x" * 200_000 + b";1\n", "not_csv"),
        (b"A;B\n" + b"1;2\n" * 200_001, "too_many_rows"),
    ],
)
def test_hostile_tables_are_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_table(content, delimiter=";")

    assert refusal.value.code == code


def test_a_wrong_encoding_is_named_by_its_line() -> None:
    with pytest.raises(Refused, match="Line 2 is not written in UTF-8"):
        read_table("A;B\nä;1\n".encode("cp1252"), encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_found_out(encoding: str) -> None:
    table = read_table("sep=;\r\nGröße;Stück\r\nä;ß\r\n".encode(encoding))

    assert (table.header, table.rows) == (("Größe", "Stück"), ((3, ("ä", "ß")),))


def test_columns_of_one_name_are_told_apart() -> None:
    assert read_table(b"A;A;\n1;2;3\n").header == ("A", "A (2)", "Column 3")


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("30.11.2026", "dmy", "2026-11-30"),
        ("11/30/2026", "mdy", "2026-11-30"),
        ("2026/11/30", "dmy", "2026-11-30"),
        ("20261130", "dmy", "2026-11-30"),
        ("30.11.26", "dmy", "2026-11-30"),
        ("2026-11-30T00:00:00Z", "ymd", "2026-11-30"),
        ("31.02.2026", "dmy", "31.02.2026"),
        ("soon", "dmy", "soon"),
    ],
)
def test_days_are_read_in_their_order(text: str, order: str, day: str) -> None:
    assert read_date(text, order) == day


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1.234,56", ",", "1234.56"),
        ("1,234.56", ".", "1234.56"),
        ("1 234,56 €", ",", "1234.56"),
        ("1'234.50", ".", "1234.50"),
        ("19 %", ",", "19"),
        ("12,50-", ",", "-12.50"),
        ("(12.50)", ".", "-12.50"),
        ("\N{MINUS SIGN}12", ".", "-12"),
        ("EUR 5", ".", "5"),
        ("1.23,4", ",", "1.23,4"),
        ("1.2.3", ",", "1.2.3"),
        ("=1+1", ".", "=1+1"),
        ("five", ".", "five"),
        ("", ".", ""),
    ],
)
def test_numbers_are_read_by_their_sign(text: str, decimal: str, number: str) -> None:
    assert read_number(text, decimal) == number


_AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)


@given(st.lists(_AMOUNTS, min_size=1, max_size=20), st.sampled_from([".", ","]))
def test_any_amounts_are_read_as_they_were_written(amounts: list[Decimal], sign: str) -> None:
    thousands = "," if sign == "." else "."
    cells = [
        f"{amount:,.2f}".replace(",", "\n").replace(".", sign).replace("\n", thousands)
        for amount in amounts
    ]

    assert decimal_sign_of(cells) == sign
    assert [Decimal(read_number(cell, sign)) for cell in cells] == amounts


@given(
    st.lists(st.dates(date(1970, 1, 1), date(2199, 12, 31)), min_size=1, max_size=20),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%d.%m.%Y"]),
)
def test_days_are_understood_or_said_to_be_unclear(days: list[date], style: str) -> None:
    cells = [day.strftime(style) for day in days]

    order = date_order_of(cells)

    could_be_both = "/" in style and all(day.day <= 12 for day in days)
    assert (order == "") == could_be_both
    if order:
        assert [read_date(cell, order) for cell in cells] == [day.isoformat() for day in days]


_CELLS = st.text(
    st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters="\x85\u2028\u2029"),
    max_size=12,
)


@given(
    st.lists(st.lists(_CELLS, min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from(list(DELIMITERS)),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_program_writes_is_read_again(
    rows: list[list[str]], delimiter: str, encoding: str
) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerow(["Number", "Date", "Name"])
    writer.writerows(rows)
    kept = [tuple(cell.strip() for cell in row) for row in rows]

    if not any(any(row) for row in kept):
        with pytest.raises(Refused, match="no rows below"):
            read_table(written.getvalue().encode(encoding), delimiter=delimiter)
        return

    table = read_table(written.getvalue().encode(encoding), delimiter=delimiter)
    assert [row for _, row in table.rows] == [row for row in kept if any(row)]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    try:
        mapping = guess_mapping(read_table(content))
    except Refused:
        return

    mapping.check()


def test_spanish_columns_are_understood() -> None:
    header = "Número de factura;Fecha de factura;Código cliente;Cliente;Concepto;Cantidad;"
    header += "Precio unitario;IVA %"

    assert guess_columns(header.split(";"), "invoice") == {
        "Número de factura": "number",
        "Fecha de factura": "date",
        "Código cliente": "party.number",
        "Cliente": "party.name",
        "Concepto": "lines.description",
        "Cantidad": "lines.quantity",
        "Precio unitario": "lines.unit_price",
        "IVA %": "lines.tax_rate",
    }
