"""Settle as what a company's documents go out, and what its papers leave open."""

from __future__ import annotations

import re
from collections.abc import Mapping

from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.forms import syntaxes_of
from outtray.documents.einvoice.make import require_installed
from outtray.documents.einvoice.settings import EInvoiceProfile, EInvoiceSetting
from outtray.documents.einvoice.units import bare
from outtray.documents.einvoice.wishes import Form, WhenWrong
from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.registry import KINDS
from outtray.lib.errors import Refused
from outtray.people.models import Membership

MOST_UNITS = 200

_UNIT_CODE = re.compile(r"[A-Z0-9]{2,3}")


def forms_of(kind: Kind) -> tuple[Form, ...]:
    """The forms that a kind can go out in, the PDF alone first."""
    syntaxes = frozenset(syntaxes_of(kind))
    return tuple(form for form in Form if form.syntaxes <= syntaxes)


def settle_form(membership: Membership, kind: str, *, form: Form, when_wrong: WhenWrong) -> None:
    """Settle the form of a kind, and what becomes of a document that breaks a rule.

    Only for administrators. Raises Refused for a form that the kind does not have.
    """
    _require_may_settle(membership)
    if kind not in KINDS:
        raise Refused("unknown_kind", f"There is no kind of document called {kind!r}.")
    if form not in forms_of(KINDS[kind]):
        label = KINDS[kind].label("en")
        raise Refused("wrong_form", f"{label} cannot go out as {form.value}.", field="form")
    if form != Form.NONE:
        require_installed()
    EInvoiceSetting.objects.update_or_create(
        company_id=membership.company_id,
        kind=kind,
        defaults={"form": form.value, "when_wrong": when_wrong.value},
    )


def settle_facts(membership: Membership, facts: CompanyFacts) -> None:
    """Keep what the company's papers leave open. Only for administrators."""
    _require_may_settle(membership)
    EInvoiceProfile.objects.update_or_create(
        company_id=membership.company_id,
        defaults={
            "tax_number": facts.tax_number,
            "endpoint_scheme": facts.endpoint.scheme,
            "endpoint_id": facts.endpoint.id,
            "zero_category": facts.zero_category,
            "zero_reason": facts.zero_reason,
            "units": dict(facts.units),
        },
    )


def units_from(text: str) -> Mapping[str, str]:
    """The words and codes that stand in lines like “Gebinde = XPX”. Raises Refused."""
    units: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        word, _, code = (part.strip() for part in line.partition("="))
        if not word or not _UNIT_CODE.fullmatch(code):
            raise Refused(
                "wrong_unit_code",
                f"“{line.strip()[:60]}” is not a word, an equals sign and a code like H87.",
                field="units",
            )
        units[bare(word)] = code
    if len(units) > MOST_UNITS:
        raise Refused("too_many", f"There may be {MOST_UNITS} words at most.", field="units")
    return units


def _require_may_settle(membership: Membership) -> None:
    if not membership.is_administrator:
        raise Refused("not_allowed", "Only an administrator may settle how documents go out.")
