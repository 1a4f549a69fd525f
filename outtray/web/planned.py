"""Letters before they are accepted, with what speaks against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outtray.compose.letter import Letter
from outtray.compose.warnings import LetterWarning, warnings_for
from outtray.lib.errors import Refused
from outtray.outbox.drafting import Draft, letter_of
from outtray.outbox.sent_before import Before, sent_before
from outtray.runs.examine import refusal_of


@dataclass(frozen=True, slots=True)
class Planned:
    """A letter in the list of those that would go out. `before` took the same there already."""

    number: int
    draft: Draft
    before: Before | None
    warnings: Sequence[LetterWarning]


@dataclass(frozen=True, slots=True)
class Preview:
    """The letter that is shown beside the choices, or why there is none."""

    number: int
    draft: Draft
    letter: Letter | None = None
    warnings: Sequence[LetterWarning] = ()
    problem: str = ""


def planned(drafts: Sequence[Draft]) -> list[Planned]:
    """One query for what was sent before, however many there are."""
    befores = sent_before(drafts)
    return [
        Planned(number, draft, before, _warnings(draft))
        for number, (draft, before) in enumerate(zip(drafts, befores, strict=True), 1)
    ]


def preview_of(draft: Draft, drafts: Sequence[Draft]) -> Preview:
    """The letter as it goes out, with what can be told only of a finished one."""
    number = drafts.index(draft) + 1
    try:
        made = letter_of(draft)
    except Refused as refusal:
        return Preview(number, draft, problem=refusal.detail)
    size = warnings_for(draft.documents, draft.mailbox, draft.recipients, letter=made)
    return Preview(number, draft, made, [each for each in size if each.code == "too_large"])


def _warnings(draft: Draft) -> list[LetterWarning]:
    useless = (refusal_of(document) for document in draft.documents)
    return [
        *warnings_for(draft.documents, draft.mailbox, draft.recipients),
        *(LetterWarning(each.code, each.detail) for each in useless if each),
    ]
