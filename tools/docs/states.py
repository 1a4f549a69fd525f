"""The life of an email: states, arrows, events, reasons."""

from __future__ import annotations

from outtray.mailboxes import history
from outtray.outbox.events import SENTENCES
from outtray.outbox.states import ARROWS, ENDS, Reason, RecipientState, State


def page() -> str:
    parts = [
        "# States of an email",
        "An email stands in one state. Each change follows one of the arrows below, in one "
        "transaction, and leaves an event.",
        _table(
            ("State", "Shown as", "Ends there"),
            [(f"`{s}`", s.label, "yes" if s in ENDS else "") for s in State],
        ),
        "## Arrows",
        _table(
            ("From", "To", "By"),
            [
                (f"`{before}`", f"`{after}`", ", ".join(f"`{verb}`" for verb in verbs.split(", ")))
                for (before, after), verbs in ARROWS.items()
            ],
        ),
        "## Why a queued or held email is not sent yet",
        _table(("Reason", "Meaning"), [(f"`{r}`" if r else "(empty)", r.label) for r in Reason]),
        "## Recipients",
        "What became of each address is kept beside the state of the email.",
        _table(("State", "Shown as"), [(f"`{r}`", r.label) for r in RecipientState]),
        "## Events",
        _table(("Event", "Sentence"), [(f"`{code}`", text) for code, text in SENTENCES.items()]),
        "## Events of a mailbox",
        _table(
            ("Event", "Sentence"),
            [(f"`{code}`", text) for code, text in history.SENTENCES.items()],
        ),
    ]
    return "\n\n".join(parts)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
