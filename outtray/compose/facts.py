"""What the templates of letters may say: plain dicts of texts, cleaned of control characters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import cast

from outtray.compose.logo import CID, Logo
from outtray.documents.facts import letter_facts, paper_of
from outtray.documents.models import Document
from outtray.documents.pdf.colour import on_paper
from outtray.documents.postal import address_lines
from outtray.documents.schema.paper import Paper
from outtray.documents.wording import shared_words
from outtray.documents.writing import Writer
from outtray.mail.address import has_control_character

MOST_INVOICES = 20


def facts_for(
    documents: Sequence[Document],
    *,
    sender_name: str,
    language: str,
    logo: Logo | None,
    with_lines: bool = True,
) -> dict[str, object]:
    """The facts of a letter with these documents. The first one sets company and party.

    The built-in templates name no lines, and do without them.
    """
    papers = [paper_of(document) for document in documents]
    pairs = zip(documents, papers, strict=True)
    all_facts = [_document(*each, with_lines=with_lines) for each in pairs]
    first = all_facts[0]
    return {
        "language": language,
        "preview": _preview(all_facts),
        "document": first,
        "documents": all_facts,
        "party": {**cast("dict[str, str]", first["party"]), "contact": _contact(first)},
        "company": _company(documents[0], papers[0], first, language),
        "sender": {"name": one_line(sender_name)},
        "logo": {"cid": CID if logo else "", "height": str(logo.height) if logo else "0"},
    }


def one_line(text: str) -> str:
    """The text without control characters, fit for a header: a line break becomes a blank.

    Blanks that hold an amount and its currency together stay.
    """
    if text.isprintable():  # most are, and need not be looked at sign by sign
        return re.sub(" +", " ", text).strip()
    kept = [" " if has_control_character(each) else each for each in text]
    return re.sub(" +", " ", "".join(kept)).strip()


def _document(document: Document, paper: Paper, *, with_lines: bool) -> dict[str, object]:
    said = letter_facts(document, paper=paper, with_lines=with_lines)
    facts = cast("dict[str, object]", _clean(said))
    named = {each["name"]: each["value"] for each in cast("list[dict[str, str]]", facts["facts"])}
    invoices = cast("list[dict[str, str]]", facts["invoices"])
    return {
        **facts,
        "delivery_note": named.get("delivery_note", ""),
        "due_date": "" if _is_paid(document) else facts["due_date"],
        "to_pay": facts["amount_due"] if facts["amount_due"] != facts["total"] else "",
        "invoices": invoices[:MOST_INVOICES],
        "invoices_left_out": str(len(invoices) - MOST_INVOICES)
        if len(invoices) > MOST_INVOICES
        else "",
    }


def _is_paid(document: Document) -> bool:
    """Nothing is left to pay: then the letter must not ask for it."""
    due = (document.data.get("totals") or {}).get("due")
    return due is not None and Decimal(due) <= 0


def _contact(facts: Mapping[str, object]) -> str:
    return cast("dict[str, str]", facts["contact"])["name"]


def _company(
    document: Document, paper: Paper, facts: Mapping[str, object], language: str
) -> dict[str, object]:
    issuer = cast("dict[str, str]", facts["issuer"])
    return {
        "name": issuer["name"],
        "phone": issuer["phone"],
        # Dark enough to be read against white, and for white to be read on it.
        "colour": on_paper(document.company.colour),
        "legal": [line for line in _legal(paper, issuer, language) if line],
    }


def _legal(paper: Paper, issuer: Mapping[str, str], language: str) -> tuple[str, str]:
    address = paper.issuer.address
    lines = address_lines(address, home=address.country, writer=Writer(paper))
    vat_id = issuer["vat_id"] and f"{shared_words(language)['footer.vat_id']} {issuer['vat_id']}"
    return (
        one_line(_dotted(issuer["name"], *lines)),
        one_line(_dotted(issuer["registration"], vat_id)),
    )


def _preview(documents: Sequence[Mapping[str, object]]) -> str:
    """The line that a mail program shows beside the subject."""
    if len(documents) > 1:
        return _dotted(*(f"{each['label']} {each['number']}" for each in documents[:5]))
    [each] = documents
    return _dotted(f"{each['label']} {each['number']}", str(each["total"]), str(each["due_date"]))


def _dotted(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _clean(value: object) -> object:
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, Mapping):
        return {name: _clean(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value
