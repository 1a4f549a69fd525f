"""From plans to messages that are stored, none of which any row knows yet."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from outtray.lib.errors import Refused
from outtray.outbox.accept import Prepared, Written, keep_all, write
from outtray.outbox.planning import LetterPlan, letter_of

log = logging.getLogger("outtray.runs")


def make_all(plans: Sequence[LetterPlan], *, at: datetime) -> list[Prepared | Refused]:
    """Make these letters and store them together; what cannot be made says why.

    Raises Refused where there is no room for any of them.
    """
    written = [_written(plan, at=at) for plan in plans]
    kept = iter(keep_all([each for each in written if isinstance(each, Written)]))
    return [_light(next(kept)) if isinstance(each, Written) else each for each in written]


def _written(plan: LetterPlan, *, at: datetime) -> Written | Refused:
    try:
        return write(letter_of(plan), mailbox=plan.mailbox, at=at)
    except Refused as refused:
        return refused
    except Exception:  # a fault of ours in one letter stops no other
        log.exception("a letter could not be made", extra={"document": _number(plan)})
        return Refused("not_made", f"{_number(plan)} could not be made. The log says why.")


def _light(prepared: Prepared) -> Prepared:
    """Without what lies in the message: it need not travel from process to process."""
    letter = replace(prepared.letter, text="", html="", body="", inline=(), enclosures=())
    return replace(prepared, letter=letter)


def _number(plan: LetterPlan) -> str:
    return plan.documents[0].number
