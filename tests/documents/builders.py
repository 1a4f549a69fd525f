"""Papers as an ERP hands them over, to be changed where a test needs it."""

from __future__ import annotations

import copy
import json
from datetime import date

from outtray.documents.checking import check
from outtray.documents.importing import ImportResult, import_documents
from outtray.documents.looks import Looks
from outtray.documents.models import Document
from outtray.documents.pdf.look import Look
from outtray.documents.pdf.typesetting import Pdf, draw_paper, typeset_paper
from outtray.documents.problems import Problem
from outtray.documents.samples.cast import COMPANY
from outtray.documents.samples.further import all_samples
from outtray.people.models import Company, Membership
from tests.conftest import TurnedClock

ON = date(2026, 11, 23)

Raw = dict[str, object]


def raw(kind: str = "invoice", **changes: object) -> Raw:
    """A right document of the kind, with some fields replaced."""
    sample = next(each for each in all_samples(ON) if each["kind"] == kind)
    return {**copy.deepcopy(sample), **changes}


def invoice_of(*lines: Raw, **changes: object) -> Raw:
    """An invoice with just these lines and no totals given."""
    made = raw("invoice", lines=list(lines), **changes)
    for field in ("taxes", "totals"):
        if field not in changes:
            del made[field]
    return made


def line(**changes: object) -> Raw:
    return {
        "description": "Lamp",
        "quantity": "2",
        "unit_price": "10.00",
        "tax_rate": "19",
        **changes,
    }


def company() -> Company:
    """The sample company, unsaved: enough to check against."""
    return Company(**COMPANY)


def problems(document: object) -> list[Problem]:
    return check(document, company())[1]


def only_problem(document: object) -> Problem:
    found = problems(document)
    assert len(found) == 1, found
    return found[0]


def bring_in(document: object, by: Membership, clock: TurnedClock, **how: bool) -> ImportResult:
    payload = json.dumps(document).encode()
    return import_documents(by.company, payload, by=by.person, at=clock.now(), **how)


def document_of(document: Raw, of: Company | None = None) -> Document:
    """The document as it would be kept, unsaved: enough to render."""
    owner = of or company()
    paper, found = check(document, owner)
    assert paper, found
    return Document(
        company=owner,
        kind=paper.kind,
        number=paper.number,
        date=paper.date,
        language=paper.language,
        data=paper.model_dump(mode="json"),
    )


def render(document: Document, look: Look | None = None) -> Pdf:
    """The PDF of a document that no database knows, in its company's look."""
    return typeset_paper(document.kind, document.data, look or look_of(document))


def pictures(document: Document) -> list[bytes]:
    return draw_paper(document.kind, document.data, look_of(document))


def look_of(document: Document) -> Look:
    return Looks(document.company, {}).standard
