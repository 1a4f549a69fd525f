"""How parties and kinds are named in the reasons of recipients and senders."""

from __future__ import annotations

from collections.abc import Sequence

from outtray.documents.kinds.registry import KINDS

_MOST = 60  # a reason is one line


def plural_of(kind: str) -> str:
    """Invoices, within a sentence."""
    return KINDS[kind].plural("en").lower()


def label_of(kind: str) -> str:
    """Invoice, within a sentence."""
    return KINDS[kind].label("en").lower()


def one_of(kind: str) -> str:
    """An invoice, a sales order: within a sentence, with its article."""
    label = label_of(kind)
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"


def short(name: str) -> str:
    """A name as a sentence can bear it."""
    return name if len(name) <= _MOST else name[: _MOST - 1].rstrip() + "…"


def nothing_in(names: Sequence[str]) -> str:
    """No Billing Email, no Bill To Address Email and no Main Email."""
    *others, last = (f"no {name}" for name in names)
    return f"{', '.join(others)} and {last}" if others else last
