"""What a letter may say of a document: plain texts in the document's language."""

from __future__ import annotations

from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document
from outtray.documents.pdf.payment import grouped
from outtray.documents.pdf.rows import rows_in
from outtray.documents.schema.known import known
from outtray.documents.schema.paper import Paper
from outtray.documents.schema.parties import ContactPerson
from outtray.documents.values import Values, written, written_fact
from outtray.documents.writing import Writer


def paper_of(document: Document) -> Paper:
    """The document as it was imported, typed."""
    return known(KINDS[document.kind].schema, document.data)


def letter_facts(
    document: Document, *, paper: Paper | None = None, with_lines: bool = True
) -> dict[str, object]:
    """Everything a letter can name, as texts and lists of texts, ready to print.

    What a document does not have is an empty text, so that a template can ask for it. `paper`
    is the document typed, where it is known. Writing the lines takes longer than all the rest.
    """
    kind, paper = KINDS[document.kind], paper or paper_of(document)
    values = Values.of(kind, paper)
    writer = values.writer
    level = getattr(paper, "level", "")
    return {
        "kind": kind.name,
        "label": values.wording.say("label"),
        "number": paper.number,
        "date": writer.long_date(paper.date),
        "due_date": writer.long_date(paper.due) if paper.due else "",
        "currency": paper.currency,
        **_amounts(paper, writer),
        "level": str(level),
        "party": _party(paper),
        "contact": _person(paper.contact),
        "our_contact": _person(paper.our_contact),
        "issuer": _issuer(paper),
        "your_reference": paper.your_reference,
        "order_number": str(getattr(paper, "order_number", "")),
        "delivery_date": _day(paper, "delivery_date", writer),
        "facts": _facts(kind, values),
        "fact": {fact.name: written_fact(fact, values) for fact in kind.facts},
        "lines": _rows(kind, values) if with_lines and kind.rows == "lines" else [],
        "invoices": _rows(kind, values) if kind.rows == "invoices" else [],
        "bank": _bank(paper),
    }


def _amounts(paper: Paper, writer: Writer) -> dict[str, str]:
    if paper.total is None:
        return {"total": "", "amount_due": "", "fee": ""}
    fee = getattr(paper, "fee", None)
    return {
        "total": writer.money(paper.total),
        "amount_due": writer.money(paper.payable),
        "fee": writer.money(fee) if fee else "",
    }


def _party(paper: Paper) -> dict[str, str]:
    return {"number": paper.party.number, "name": paper.party.name}


def _person(person: ContactPerson | None) -> dict[str, str]:
    if person is None:
        return {"name": "", "email": "", "phone": ""}
    return {"name": person.name, "email": person.email, "phone": person.phone}


def _issuer(paper: Paper) -> dict[str, str]:
    issuer = paper.issuer
    return {
        "name": issuer.name,
        "street": issuer.address.street,
        "postcode": issuer.address.postcode,
        "city": issuer.address.city,
        "email": issuer.email,
        "phone": issuer.phone,
        "website": issuer.website,
        "vat_id": issuer.vat_id,
        "registration": issuer.registration,
    }


def _day(paper: Paper, name: str, writer: Writer) -> str:
    day = getattr(paper, name, None)
    return writer.long_date(day) if day else ""


def _facts(kind: Kind, values: Values) -> list[dict[str, str]]:
    written_facts = [(fact, written_fact(fact, values)) for fact in kind.facts]
    return [
        {"name": fact.name, "label": values.wording.say(f"fact.{fact.name}"), "value": text}
        for fact, text in written_facts
        if text
    ]


def _rows(kind: Kind, values: Values) -> list[dict[str, str]]:
    return [
        {
            column.name: written(getattr(row, column.name), column.style, values.writer)
            for column in kind.columns
        }
        for row in rows_in(kind, values)
    ]


def _bank(paper: Paper) -> dict[str, str]:
    bank = paper.issuer.bank
    return {
        "name": bank.name,
        "holder": bank.holder,
        "iban": grouped(bank.iban),
        "bic": bank.bic,
    }
