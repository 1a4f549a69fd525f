"""Which PDF layout a document is set in, and why.

What the party has of its own comes first, then the letter's template, then the Default
Document Template of the kind, then the company's default layout.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from outtray.compose.rules.company_rules import Rules
from outtray.compose.templates.choice import TemplateChoice
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document
from outtray.documents.pdf.look import Look
from outtray.lib.errors import Refused


@dataclass(frozen=True, slots=True)
class LayoutChoice:
    """A layout for one document, as a look. `name` is empty where the company has none."""

    look: Look
    reason: str
    layout_id: UUID | None = None
    name: str = ""


def layout_for(
    document: Document,
    *,
    template: TemplateChoice | None = None,
    rules: Rules | None = None,
    wanted: UUID | None = None,
) -> LayoutChoice:
    """The layout of this document. `wanted` is what somebody chose for it instead.

    With `rules` the database is not asked. Raises Refused("no_such_layout").
    """
    rules = rules or Rules.of(document.company)
    if wanted is not None:
        if wanted not in rules.looks.layouts:
            raise Refused("no_such_layout", "There is no such PDF layout.", field="layout")
        return _choice(rules, wanted, "chosen by hand")
    layout_id, why = next(_settled(document, template, rules), (None, ""))
    if layout_id:
        return _choice(rules, layout_id, why)
    return LayoutChoice(
        rules.looks.standard, "The built-in layout: the company has none of its own"
    )


def look_for(
    document: Document, *, template: TemplateChoice | None = None, rules: Rules | None = None
) -> Look:
    """How this document looks when it is sent."""
    return layout_for(document, template=template, rules=rules).look


def _settled(
    document: Document, template: TemplateChoice | None, rules: Rules
) -> Iterator[tuple[UUID, str]]:
    """What is settled, the strongest first."""
    for kind in (document.kind, ""):
        own = rules.overrides.get((document.party_id, kind))
        if own and own.layout_id:
            yield own.layout_id, f"the PDF layout of {document.party.name}"
    if template and template.layout_id:
        yield template.layout_id, f"the PDF layout of the template “{template.name}”"
    default = rules.default_of(document.kind)
    if default and default.layout_id:
        what = KINDS[document.kind].plural("en").lower()
        yield default.layout_id, f"the Default Document Template of {what}"
    if rules.looks.default:
        yield rules.looks.default.pk, "the company's default layout"


def _choice(rules: Rules, layout_id: UUID, why: str) -> LayoutChoice:
    name = rules.looks.layouts[layout_id].name
    return LayoutChoice(rules.looks.by_id(layout_id), f"“{name}”, {why}", layout_id, name)
