"""Wrong documents say where and why, in a sentence with the value given."""

from __future__ import annotations

import pytest

from tests.documents.builders import Raw, invoice_of, line, only_problem, problems, raw


def test_every_sample_is_right() -> None:
    kinds = ("sales_order", "order_confirmation", "purchase_order", "invoice", "item_receipt")

    assert [problems(raw(kind)) for kind in (*kinds, "payment_reminder")] == [[]] * 6


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"kind": "ransom_note"}, "kind", "unknown_kind"),
        ({"kind": None}, "kind", "missing"),
        ({"kind": {"a": 1}}, "kind", "unknown_kind"),
        ({"currency": "EURO"}, "currency", "unknown_currency"),
        ({"currency": "EUX"}, "currency", "unknown_currency"),
        ({"currency": "XAU"}, "currency", "unknown_currency"),
        ({"currency": "eur"}, "currency", "unknown_currency"),
        ({"language": "nl"}, "language", "not_allowed"),
        ({"number": ""}, "number", "missing"),
        ({"number": "  "}, "number", "missing"),
        ({"number": 1043}, "number", "wrong_type"),
        ({"number": "RE-1\r\nBcc: a@b.example"}, "number", "control_character"),
        ({"number": "N" * 51}, "number", "too_long"),
        ({"number": "\ud800"}, "number", "control_character"),
        ({"date": "23.11.2026"}, "date", "not_a_date"),
        ({"date": "2026-02-30"}, "date", "not_a_date"),
        ({"date": "0001-01-01"}, "date", "not_a_date"),
        ({"due_date": "2026-11-22"}, "due_date", "too_early"),
        ({"lines": []}, "lines", "missing"),
        ({"lines": "none"}, "lines", "wrong_type"),
        ({"invoice_number": "1"}, "invoice_number", "unknown_field"),
        ({"use_contact_email": "yes"}, "use_contact_email", "wrong_type"),
        ({"use_contact_email": True}, "contact.email", "missing"),
        ({"issuer": {"name": ""}}, "issuer.name", "missing"),
        (
            {"issuer": {"bank": {"iban": "DE00370400440532013000"}}},
            "issuer.bank.iban",
            "wrong_iban",
        ),
        ({"issuer": {"bank": {"bic": "HAMBURG"}}}, "issuer.bank.bic", "wrong_bic"),
        ({"issuer": {"vat_id": "DE123456789"}}, "issuer.vat_id", "wrong_vat_id"),
        (
            {"issuer": {"address": {"country": "Germany"}}},
            "issuer.address.country",
            "unknown_country",
        ),
        ({"ship_to": {"address": {"country": "XX"}}}, "ship_to.address.country", "unknown_country"),
    ],
)
def test_a_wrong_field_is_named(changes: Raw, path: str, code: str) -> None:
    problem = only_problem({**raw("invoice"), **changes})

    assert (problem.path, problem.code) == (path, code)
    assert problem.message.endswith((".", "?"))


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"quantity": "0"}, "quantity", "zero_quantity"),
        ({"quantity": "0.000"}, "quantity", "zero_quantity"),
        ({"quantity": True}, "quantity", "not_a_number"),
        ({"quantity": "two"}, "quantity", "not_a_number"),
        ({"quantity": None}, "quantity", "not_a_number"),
        ({"quantity": "1e9"}, "quantity", "not_a_number"),
        ({"quantity": 10**400}, "quantity", "not_a_number"),
        ({"quantity": "1234567890"}, "quantity", "out_of_range"),
        ({"unit_price": "0.0000001"}, "unit_price", "too_many_decimals"),
        ({"tax_rate": "-7"}, "tax_rate", "out_of_range"),
        ({"tax_rate": "101"}, "tax_rate", "out_of_range"),
        ({"discount_percent": "100.01"}, "discount_percent", "out_of_range"),
        ({"total": "20.01"}, "total", "wrong_total"),
        ({"total": "20.001"}, "total", "wrong_total"),
        ({"description": ""}, "description", "missing"),
        ({"description": "Lamp \N{PILE OF POO}"}, "description", "missing_glyph"),
        ({"qty": "2"}, "qty", "unknown_field"),
    ],
)
def test_a_wrong_line_is_counted_as_people_do(changes: Raw, field: str, code: str) -> None:
    problem = only_problem(invoice_of(line(), line(**changes)))

    assert (problem.path, problem.code) == (f"lines[1].{field}", code)
    assert problem.message.startswith("Line 2: ")


def test_a_wrong_total_says_what_was_expected_and_what_was_given() -> None:
    problem = only_problem(invoice_of(line(total="19.00")))

    assert problem.message == "Line 1: 2 × 10 is 20.00 EUR, but 19 is given."


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"date": "x"}, "The date must be a date like 2026-11-30; “x” given."),
        (
            {"issuer": {"bank": {"iban": "D-1"}}},
            "The issuer's bank IBAN “D-1” is not an IBAN: its check digits do not fit.",
        ),
        (
            {"party": {"number": "1", "name": "A", "emails": {"main": "x"}}},
            "The party's main email is not usable: 'x' is not an email address: "
            "name@domain is expected.",
        ),
        (
            {"party": {"number": "1", "name": "A", "contacts": [{"email": ""}]}},
            "The party's contact's name is missing.",
        ),
    ],
)
def test_sentences_call_fields_as_people_do(changes: Raw, message: str) -> None:
    assert only_problem({**raw("invoice"), **changes}).message == message


def test_what_there_are_several_of_are_missing() -> None:
    without = {name: value for name, value in raw("invoice").items() if name != "lines"}

    assert only_problem(without).message == "The lines are missing."


def test_a_mistyped_field_is_recognised() -> None:
    problem = only_problem(invoice_of(line(unit_prise="1")))

    assert problem.message == (
        "Line 1: There is no field “unit_prise” here. Did you mean “unit_price”?"
    )


def test_10_000_lines_are_refused_with_the_limit() -> None:
    problem = only_problem(invoice_of(*[line()] * 10_000))

    assert (problem.path, problem.code) == ("lines", "too_many")
    assert "2,000" in problem.message


def test_a_hopeless_document_names_fifty_problems_at_most() -> None:
    wrong = invoice_of(*[line(quantity="0", unit_price="x", nonsense=1)] * 500)

    assert len(problems(wrong)) == 50


def test_a_missing_glyph_names_the_character_and_the_field() -> None:
    party = {"number": "1", "name": "Hieroglyph \N{EGYPTIAN HIEROGLYPH A001}"}

    problem = only_problem(raw("invoice", party=party))

    assert (problem.path, problem.code) == ("party.name", "missing_glyph")
    assert "U+13000, EGYPTIAN HIEROGLYPH A001" in problem.message


@pytest.mark.parametrize(
    "name",
    [
        "北京风能有限公司",
        "株式会社北風商事",
        "북풍 무역",
        "شركة الرياح",
        "מסחר רוח צפון",
        "Żółć Ελλάς Мир",
    ],
)
def test_names_of_other_scripts_are_welcome(name: str) -> None:
    assert problems(raw("invoice", party={"number": "1", "name": name})) == []


@pytest.mark.parametrize("entry", [None, 1, "invoice", [], True])
def test_an_entry_that_is_no_object_is_no_document(entry: object) -> None:
    assert only_problem(entry).code == "not_a_document"
