"""Whatever our schema accepts becomes a right e-invoice, or one that names the rule it breaks."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from outtray.documents.checking import check
from outtray.documents.einvoice.forms import Syntax
from outtray.documents.einvoice.xml import tag
from outtray.documents.einvoice.xsd import parsed
from tests.documents.builders import Raw, company, invoice_of, line
from tests.documents.einvoices import e_invoice

texts = st.text(max_size=40).map(str.strip)
numbers = st.decimals(-9999, 9999, places=4, allow_nan=False, allow_infinity=False)
lines = st.builds(
    lambda quantity, price, discount, rate, unit, category, description: line(
        quantity=str(quantity),
        unit_price=str(price),
        discount_percent=str(discount),
        tax_rate=rate,
        unit=unit,
        tax_category=category,
        description=description,
    ),
    numbers.filter(bool),
    numbers,
    st.decimals(0, 100, places=2),
    st.sampled_from(["0", "5.5", "7", "19", "25"]),
    st.sampled_from(["", "Stk.", "h", "Gebinde"]),
    st.sampled_from(["", "", "S", "Z", "E", "AE", "K", "G", "O"]),
    texts.filter(bool),
)
papers = st.builds(
    lambda lines, currency, country, vat_id, delivered, due, title: invoice_of(
        *lines,
        currency=currency,
        party={
            "number": "1",
            "name": "Kunde",
            "vat_id": vat_id,
            "address": {"country": country, "city": "Ort"},
        },
        delivery_date=delivered,
        due_date=due,
        intro=title,
    ),
    st.lists(lines, min_size=1, max_size=6),
    st.sampled_from(["EUR", "JPY", "KWD", "USD"]),
    st.sampled_from(["", "DE", "FR", "US"]),
    st.sampled_from(["", "FR40303265045", "12345"]),
    st.sampled_from([None, "2026-11-20"]),
    st.sampled_from([None, "2026-12-20"]),
    texts,
)


@settings(max_examples=60)
@given(papers, st.sampled_from(list(Syntax)))
def test_what_our_schema_accepts_is_right_or_names_the_rule(paper: Raw, syntax: Syntax) -> None:
    if check(paper, company())[0] is None:
        return

    for problem in e_invoice(paper, syntax).problems:
        assert problem.rule.startswith("BR-"), problem
        assert "BT-" not in problem.sentence, problem
        assert problem.path, problem


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=60))
def test_any_text_of_a_paper_comes_back_as_it_was(text: str) -> None:
    written = tag("a", "x", text, title=text)

    element = parsed(written.encode())
    assert element.text == "x" + text
    assert element.get("title", "") == text
