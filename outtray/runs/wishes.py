"""How the documents of a run are to go out: what the dialog asks, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RunWishes:
    """What is not wished comes from the rules of the company, as for a single document.

    `mailbox` is From, `template` the Email Template, `layout` how the Document looks;
    `recipient` names an address slot that takes the place of the usual order. `combine` puts
    all documents for the same recipients into one email. `e_invoice` is a form of e-invoice
    instead of the settled one. `again` sends what was sent before once more.
    """

    mailbox: UUID | None = None
    template: UUID | None = None
    layout: UUID | None = None
    recipient: str = ""
    combine: bool = False
    due_at: datetime | None = None
    not_after: datetime | None = None
    e_invoice: str = ""
    again: bool = False

    def to_json(self) -> dict[str, Any]:
        """What a Run keeps of it."""
        return {
            name: str(value) if isinstance(value, UUID) else _moment_text(value)
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> RunWishes:
        return cls(
            mailbox=_id(kept.get("mailbox")),
            template=_id(kept.get("template")),
            layout=_id(kept.get("layout")),
            recipient=kept.get("recipient", ""),
            combine=bool(kept.get("combine")),
            due_at=_moment(kept.get("due_at")),
            not_after=_moment(kept.get("not_after")),
            e_invoice=kept.get("e_invoice", ""),
            again=bool(kept.get("again")),
        )


def _moment_text(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
