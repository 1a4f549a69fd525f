"""Letters before they are accepted, with what speaks against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outtray.compose.letter import Letter
from outtray.compose.warnings import LetterWarning, warnings_for
from outtray.lib.errors import Refused
from outtray.outbox.planning import LetterPlan, letter_of
from outtray.outbox.sent_before import Before, sent_before


@dataclass(frozen=True, slots=True)
class Planned:
    """A letter in the list of those that would go out. `before` took the same there already."""

    number: int
    plan: LetterPlan
    before: Before | None
    warnings: Sequence[LetterWarning]


@dataclass(frozen=True, slots=True)
class Preview:
    """The letter that is shown beside the choices, or why there is none."""

    number: int
    plan: LetterPlan
    letter: Letter | None = None
    warnings: Sequence[LetterWarning] = ()
    problem: str = ""


def planned(plans: Sequence[LetterPlan]) -> list[Planned]:
    """One query for what was sent before, however many there are."""
    befores = sent_before(plans)
    return [
        Planned(number, plan, before, warnings_for(plan.documents, plan.mailbox, plan.recipients))
        for number, (plan, before) in enumerate(zip(plans, befores, strict=True), 1)
    ]


def preview_of(plan: LetterPlan, plans: Sequence[LetterPlan]) -> Preview:
    """The letter as it goes out, with what can be told only of a finished one."""
    number = plans.index(plan) + 1
    try:
        made = letter_of(plan)
    except Refused as refusal:
        return Preview(number, plan, problem=refusal.detail)
    size = warnings_for(plan.documents, plan.mailbox, plan.recipients, letter=made)
    return Preview(number, plan, made, [each for each in size if each.code == "too_large"])
