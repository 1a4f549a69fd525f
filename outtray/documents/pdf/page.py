"""What stands on the paper: plain texts in the document's language, for the layout to place."""

from __future__ import annotations

from collections.abc import Sequence

from outtray.documents.kinds.base import Kind
from outtray.documents.pdf.heights import lines_of
from outtray.documents.pdf.look import FOOTER_PARTS, Look
from outtray.documents.pdf.payment import grouped, label_width, payment_of, qr_of
from outtray.documents.pdf.rows import columns_of, is_dense, rows_of
from outtray.documents.pdf.scripts import breakable
from outtray.documents.pdf.sums import Line, strip_of, sums_of
from outtray.documents.postal import address_lines
from outtray.documents.schema.paper import Paper
from outtray.documents.schema.parties import Place
from outtray.documents.values import Values, written_fact
from outtray.documents.wording import shared_words

Page = dict[str, object]

_FACT_SIZE = 8.8  # points, as the layouts set it


def page_of(kind: Kind, paper: Paper, look: Look) -> Page:
    """The paper's content, and what the layout must know of its look."""
    values = Values.of(kind, paper)
    say = values.wording.say
    heading = paper.title or say("label")
    columns = columns_of(kind, values, look)
    texts = look.texts_in(paper.language)
    rows = rows_of(kind, columns, values, look)
    dense = is_dense(columns, rows)
    payment = payment_of(kind, values)
    facts, sums = _facts(kind, values), sums_of(kind, values)
    return {
        "language": paper.language,
        "region": str(values.writer.locale.territory),
        "title": f"{heading} {paper.number}",
        "author": paper.issuer.name,
        "date": [paper.date.year, paper.date.month, paper.date.day],
        "heading": heading,
        "number": paper.number,
        "return_line": " · ".join(_sender_lines(values)),
        "recipient": _recipient(kind, values),
        "facts": facts,
        "label_width": label_width(facts, _FACT_SIZE),
        "intro": paper.intro or say("intro"),
        "before": texts.before,
        "columns": [column.shown for column in columns],
        "rows": rows,
        "dense": dense,
        "lines": lines_of(columns, rows, dense=dense),
        "sums": sums,
        "key": _key(sums, values),
        "strip": strip_of(kind, values),
        "payment": payment,
        "qr": qr_of(kind, paper),
        "terms": _terms(kind, values, with_payment=payment is None),
        "closing": paper.closing or say("closing"),
        "after": texts.after,
        "footer": _footer(values, look),
        "footer_text": texts.footer,
        "page_of": say("footer.page"),
        "issuer": paper.issuer.name,
        "logo_alt": shared_words(paper.language)["logo"].format(name=paper.issuer.name),
    }


def _key(sums: Sequence[Line], values: Values) -> dict[str, str] | None:
    """The amount that is looked for first, and by when it matters."""
    strong = [each for each in sums if each["strong"]]
    if not strong:
        return None
    due = values.paper.due
    note = f"{values.wording.say('fact.due_date')}: {values.writer.date(due)}" if due else ""
    return {"label": str(strong[-1]["label"]), "amount": str(strong[-1]["amount"]), "note": note}


def _sender_lines(values: Values) -> list[str]:
    issuer = values.paper.issuer
    home = issuer.address.country
    return [issuer.name, *address_lines(issuer.address, home=home, writer=values.writer)]


def _recipient(kind: Kind, values: Values) -> list[str]:
    """The party, or whom the document names instead."""
    paper = values.paper
    other: Place = getattr(paper, kind.addressed_to)
    name = other.name or paper.party.name
    address = other.address if _is_given(other) else paper.party.address
    person = paper.contact.name if paper.contact else ""
    home = paper.issuer.address.country
    lines = [name, person, *address_lines(address, home=home, writer=values.writer)]
    return [breakable(line) for line in lines if line]


def _is_given(place: Place) -> bool:
    return bool(place.address.street or place.address.city)


def _facts(kind: Kind, values: Values) -> list[list[str]]:
    shown = [(fact, written_fact(fact, values)) for fact in kind.facts]
    return [[values.wording.say(f"fact.{fact.name}"), text] for fact, text in shown if text]


def _terms(kind: Kind, values: Values, *, with_payment: bool) -> list[list[str]]:
    """Labelled texts under the sums; how to pay stands in the payment panel if there is one."""
    terms = values.paper.terms
    pairs = (
        ("terms.ship_to", "" if kind.addressed_to == "ship_to" else _ship_to(values)),
        ("terms.delivery", terms.delivery),
        ("terms.payment", terms.payment if with_payment else ""),
    )
    return [[values.wording.say(key), text] for key, text in pairs if text]


def _ship_to(values: Values) -> str:
    place = values.paper.ship_to
    if not _is_given(place):
        return place.name
    home = values.paper.issuer.address.country
    lines = address_lines(place.address, home=home, writer=values.writer)
    return "\n".join(line for line in (place.name, *lines) if line)


def _footer(values: Values, look: Look) -> list[list[str]]:
    """Who we are, how to reach us, what the law wants to know, and our bank; as the look asks."""
    issuer = values.paper.issuer
    vat = f"{values.wording.say('footer.vat_id')} {issuer.vat_id}" if issuer.vat_id else ""
    bank = issuer.bank
    columns = {
        "address": _sender_lines(values),
        "contact": [issuer.phone, issuer.email, issuer.website],
        "legal": [issuer.registration, vat],
        "bank": [bank.name, f"IBAN {grouped(bank.iban)}", f"BIC {bank.bic}" if bank.bic else ""]
        if bank.iban
        else [],
    }
    wanted = (columns[part] for part in FOOTER_PARTS if part in look.footer)
    filled = ([line for line in column if line] for column in wanted)
    return [column for column in filled if column]
