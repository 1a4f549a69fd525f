"""Checks one document as it came in, and completes it."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from outtray.documents.glyphs import missing_glyphs
from outtray.documents.kinds.registry import KINDS
from outtray.documents.problems import MOST_PROBLEMS, Problem, problems_of, shown
from outtray.documents.schema.paper import Paper
from outtray.people.models import Company


def check(raw: object, company: Company) -> tuple[Paper | None, list[Problem]]:
    """The completed paper, or None and what is wrong with it.

    Facts of the issuer that the document leaves open come from the company; from then on
    they are the document's own.
    """
    if not isinstance(raw, dict):
        return None, [Problem("", "not_a_document", "This entry is not a document object.")]
    kind = KINDS.get(str(raw.get("kind", "")))
    if kind is None:
        return None, [_unknown_kind(raw.get("kind"))]
    filled = {**raw, "issuer": _issuer(raw.get("issuer"), company)}
    filled.setdefault("language", company.language)
    try:
        paper = kind.schema.model_validate(filled)
    except ValidationError as wrong:
        return None, list(problems_of(wrong, kind.schema))
    problems = [*paper.problems(), *missing_glyphs(paper)][:MOST_PROBLEMS]
    return (None, problems) if problems else (paper.completed(), [])


def _unknown_kind(given: object) -> Problem:
    known = ", ".join(KINDS)
    if given is None:
        return Problem("kind", "missing", f"The kind is missing. It is one of: {known}.")
    said = shown(given) if isinstance(given, str) else "something else"
    return Problem("kind", "unknown_kind", f"There is no kind “{said}”. It is one of: {known}.")


def _issuer(given: object, company: Company) -> object:
    """The document's own words win, field by field; the company fills the gaps."""
    if given is not None and not isinstance(given, dict):
        return given
    return _merged(given or {}, issuer_of(company))


def _merged(given: Mapping[str, object], known: Mapping[str, object]) -> dict[str, object]:
    merged = {**known, **given}
    for part in ("address", "bank"):
        theirs, ours = given.get(part), known[part]
        if isinstance(theirs, dict) and isinstance(ours, dict):
            merged[part] = theirs or ours
    return merged


def issuer_of(company: Company) -> dict[str, object]:
    """The company's settings in the shape of a document's issuer."""
    return {
        "name": company.name,
        "address": {
            "street": company.street,
            "postcode": company.postcode,
            "city": company.city,
            "region": company.region,
            "country": company.country,
        },
        "email": company.email,
        "phone": company.phone,
        "website": company.website,
        "vat_id": company.vat_id,
        "registration": company.registration,
        "bank": {
            "name": company.bank_name,
            "holder": company.name,
            "iban": company.iban,
            "bic": company.bic,
        },
    }
