"""Documents on which a template is tried: a real one, and one with only what it must have."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from outtray.compose.facts import facts_for
from outtray.compose.logo import logo_of
from outtray.compose.templates.shipped import SEVERAL, with_facts
from outtray.documents.checking import check
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document, Party
from outtray.documents.samples.further import all_samples
from outtray.documents.schema.paper import Paper
from outtray.people.models import Company, Membership

Raw = dict[str, Any]
_A_DAY = date(2026, 3, 2)  # of samples: nobody is sent them


@dataclass(frozen=True, slots=True)
class Trial:
    """Documents of one letter. `name` is how they are called by whoever writes the template."""

    documents: tuple[Document, ...]
    name: str

    def in_language(self, language: str) -> list[Document]:
        """The documents as if they had been written in that language; nothing is stored."""
        return [_in_language(each, language) for each in self.documents]

    def values(self, purpose: str, language: str, *, sender_name: str) -> dict[str, object]:
        """What a template for this purpose can name, written in this language."""
        spoken = self.in_language(language)
        logo = logo_of(spoken[0].company)
        facts = facts_for(spoken, sender_name=sender_name, language=language, logo=logo)
        return with_facts(purpose, language, facts)


def real_trial(membership: Membership, purpose: str, chosen: UUID | None = None) -> Trial:
    """The chosen document, else the newest that there is, else the sample that is shipped."""
    mine = Document.objects.visible_to(membership).select_related("party", "company")
    if purpose != SEVERAL:
        mine = mine.filter(kind=purpose)
    newest = list(mine.order_by("-pk")[: 2 if purpose == SEVERAL else 1])
    found = list(mine.filter(pk=chosen)) if chosen and purpose != SEVERAL else newest
    if found or newest:
        documents = tuple(found or newest)
        return Trial(documents, " and ".join(each.number for each in documents))
    company = membership.company
    samples = [_unsaved(raw, company) for raw in _raws(purpose)]
    return Trial(tuple(samples), "a sample")


def minimal_trial(company: Company, purpose: str) -> Trial:
    """A document, or two, with nothing in it that it could be without."""
    bare = Company(pk=company.pk, name=company.name, language=company.language)
    documents = tuple(_unsaved(_minimal(raw["kind"]), bare) for raw in _raws(purpose))
    return Trial(documents, "a document that has only what it must have")


def _raws(purpose: str) -> list[Raw]:
    """Samples as a business system would write them."""
    samples: dict[str, Raw] = {str(each["kind"]): each for each in all_samples(_A_DAY)}
    kinds = [purpose] if purpose in samples else list(samples)[:2]
    return [copy.deepcopy(samples[kind]) for kind in kinds]


@cache
def _minimal(kind: str) -> Raw:
    """The sample of a kind without each part that its check does not miss."""
    [raw] = _raws(kind)
    company = Company(name="A company")
    # Twice: a part can be needed by another, which goes after it.
    for path in sorted(_paths(raw, ()), key=len) * 2:
        without = copy.deepcopy(raw)
        if _drop(without, path) and check(without, company)[0]:
            raw = without
    return raw


def _paths(value: object, here: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """The way to every part, of lists to what is in the first entry; rows but the first go."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield (*here, name)
            yield from _paths(part, (*here, name))
    elif isinstance(value, list):
        yield from ((*here, index) for index in range(len(value) - 1, 0, -1))
        yield from _paths(value[0], (*here, 0)) if value else ()


def _drop(raw: Raw, path: Sequence[str | int]) -> bool:
    """Remove what lies there. False where it went before, with what it lay in."""
    part: Any = raw
    try:
        for step in path[:-1]:
            part = part[step]
        del part[path[-1]]
    except (KeyError, IndexError):
        return False
    return True


def _unsaved(raw: Raw, company: Company) -> Document:
    paper, problems = check(raw, company)
    assert paper, problems
    party = Party(company=company, name=paper.party.name, number=paper.party.number)
    return _document(paper, party, company)


def _document(paper: Paper, party: Party, company: Company) -> Document:
    return Document(
        company=company,
        kind=paper.kind,
        number=paper.number,
        party=party,
        date=paper.date,
        due_date=paper.due,
        currency=paper.currency,
        total=paper.total,
        language=paper.language,
        data=paper.model_dump(mode="json", exclude={"status"}),
    )


def _in_language(document: Document, language: str) -> Document:
    data = {**document.data, "language": language}
    paper = KINDS[document.kind].schema.model_validate(data)
    return _document(paper, document.party, document.company)
