"""Which template a letter is written with, and why.

What the party has of its own comes first, then the Default Document Template of the kind,
then the centre: the person's own, the company's, the built-in one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from outtray.compose.templates.index import KeptFile, KnownTemplate, TemplateIndex, Texts
from outtray.compose.templates.models import Level
from outtray.compose.templates.shipped import purpose_name
from outtray.documents.languages import LANGUAGES
from outtray.documents.models import Document
from outtray.lib.errors import Refused
from outtray.people.models import Membership

BUILT_IN = UUID(int=0)  # wishes for the built-in template, whatever is settled


class KnowsTemplates(Protocol):
    """What is read of a company at once, and has its templates among it."""

    @property
    def templates(self) -> TemplateIndex: ...


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """A template for one letter. Without `texts` its words are the built-in ones.

    A template without a text in this language still gives its copy, sender and files.
    """

    purpose: str
    language: str
    reason: str
    name: str = ""
    template_id: UUID | None = None
    texts: Texts | None = None
    cc_email: str = ""
    send_from_id: UUID | None = None
    layout_id: UUID | None = None
    files: tuple[KeptFile, ...] = ()

    @property
    def version_id(self) -> UUID | None:
        """The version whose words are used; None for the built-in ones."""
        return self.texts.version_id if self.texts else None


def template_for(
    documents: Document | Sequence[Document],
    *,
    membership: Membership | None = None,
    language: str | None = None,
    rules: KnowsTemplates | None = None,
    wanted: UUID | None = None,
) -> TemplateChoice:
    """The template of the letter with these documents, if this person sends it.

    Without a person no User template is taken. `wanted` is what somebody chose instead; raises
    Refused("no_such_template") where he may not use it, or it is for something else.
    """
    together = [documents] if isinstance(documents, Document) else list(documents)
    first, purpose = together[0], purpose_of(together)
    index = rules.templates if rules else TemplateIndex.of(first.company_id, purpose=purpose)
    spoken = language_of(language or first.party.language or first.language)
    if wanted == BUILT_IN:
        return TemplateChoice(purpose, spoken, "The built-in template, chosen by hand")
    if wanted is not None:
        chosen = _wanted(index, wanted, purpose, membership)
        return _choice(chosen, spoken, f"“{chosen.name}”, chosen by hand")
    settled = _settled(index, first, purpose, membership)
    known, why = next(settled, (None, ""))
    if known is None:
        return built_in(purpose, spoken)
    return _choice(known, spoken, f"“{known.name}”, {why}")


def choosable(index: TemplateIndex, purpose: str, membership: Membership) -> list[KnownTemplate]:
    """The templates that a person can choose for a purpose: his own first, then by name."""
    mine = [
        each
        for each in index.templates.values()
        if each.purpose == purpose and _may_use(each, membership)
    ]
    return sorted(mine, key=lambda each: (each.level != Level.USER, each.name.casefold()))


def built_in(purpose: str, language: str) -> TemplateChoice:
    """The template that is there from the beginning, where nothing else is settled."""
    what = purpose_name(purpose)
    return TemplateChoice(
        purpose, language_of(language), f"The built-in template: none is settled for {what}"
    )


def purpose_of(documents: Sequence[Document]) -> str:
    """What the letter is for: the kind of its one document, or several together."""
    return documents[0].kind if len(documents) == 1 else "several"


def language_of(wanted: str) -> str:
    """The language that is spoken, if we speak it; else English."""
    return wanted if wanted in LANGUAGES else "en"


def _settled(
    index: TemplateIndex, document: Document, purpose: str, membership: Membership | None
) -> Iterator[tuple[KnownTemplate, str]]:
    """What is settled, the strongest first."""
    what = purpose_name(purpose)
    for key in (document.party_id, purpose), (document.party_id, ""):
        if own := _application(index, index.party_defaults.get(key), purpose):
            yield own, f"the Email Template of {document.party.name}"
    if default := _application(index, index.document_defaults.get(purpose), purpose):
        yield default, f"the Default Document Template of {what}"
    if membership and (
        mine := index.default_of(Level.USER, purpose, owner_id=membership.person_id)
    ):
        yield mine, f"your own template for {what}"
    if company := index.default_of(Level.APPLICATION, purpose, owner_id=None):
        yield company, f"the company's template for {what}"


def _application(
    index: TemplateIndex, template_id: UUID | None, purpose: str
) -> KnownTemplate | None:
    """What is settled for others must be readable by them, and fit what is sent."""
    known = index.templates.get(template_id) if template_id else None
    is_fit = known and known.level == Level.APPLICATION and known.purpose == purpose
    return known if is_fit else None


def _wanted(
    index: TemplateIndex, wanted: UUID, purpose: str, membership: Membership | None
) -> KnownTemplate:
    known = index.templates.get(wanted)
    if known is None or known.purpose != purpose or not _may_use(known, membership):
        raise Refused(
            "no_such_template",
            f"There is no such template for {purpose_name(purpose)}.",
            field="template",
        )
    return known


def _may_use(known: KnownTemplate, membership: Membership | None) -> bool:
    if known.level == Level.APPLICATION:
        return True
    return membership is not None and known.owner_id == membership.person_id


def _choice(known: KnownTemplate, language: str, reason: str) -> TemplateChoice:
    choice = TemplateChoice(
        purpose=known.purpose,
        language=language,
        reason=reason,
        name=known.name,
        template_id=known.id,
        texts=known.texts.get(language),
        cc_email=known.cc_email,
        send_from_id=known.send_from_id,
        layout_id=known.layout_id,
        files=known.files,
    )
    if choice.texts:
        return choice
    missing = f"it has no text in {LANGUAGES[language]}, so the built-in words are used"
    return replace(choice, reason=f"{reason}; {missing}")
