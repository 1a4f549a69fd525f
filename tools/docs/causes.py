"""The causes that an explanation may name, with what is said of them."""

from __future__ import annotations

from outtray.diagnosis.advice import advice_for
from outtray.diagnosis.causes import FAMILIES, Cause


def page() -> str:
    parts = [
        "# Causes of failures",
        "A failed Validate and a failed email are explained by one of these causes. Words in "
        "braces are filled in with what is known of the mailbox.",
    ]
    for family, causes in FAMILIES.items():
        rows = [f"| `{cause}` | {_headline(cause)} |" for cause in causes]
        parts += [
            f"## {family.value.capitalize()}",
            "\n".join(["| Cause | Headline |", "|---|---|", *rows]),
        ]
    return "\n\n".join(parts)


def _headline(cause: Cause) -> str:
    try:
        return advice_for(cause, "en").headline
    except KeyError:
        return "(reserved: its service is not connected yet)"
