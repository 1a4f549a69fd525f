"""The history of a party in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Party, PartyEvent
from outtray.documents.party_history import LABELS, SENTENCES, Code
from outtray.web.history import HistoryPage, history_page
from outtray.web.pills import Tone

_TONES: Mapping[str, Tone] = {
    Code.CREATED: Tone.GREEN,
    Code.ENTERED: Tone.GREEN,
    Code.SETTLED: Tone.BLUE,
}


@dataclass(frozen=True, slots=True)
class Change:
    """A field with what stood there and what stands there now."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a party's history."""

    event: PartyEvent
    sentence: str
    document: str
    changes: list[Change]
    tone: Tone


def history_of(party: Party, *, before: str) -> HistoryPage[Line]:
    """A page of the party's history, older than the line with that number."""
    events = PartyEvent.objects.filter(party=party).select_related("by")
    return history_page(events, _line, before=before)


def _line(event: PartyEvent) -> Line:
    changes = event.detail.get("changes", {})
    return Line(
        event=event,
        sentence=SENTENCES.get(Code(event.code), event.code),
        document=event.detail.get("document", ""),
        changes=[
            Change(LABELS.get(name, name), _shown(before), _shown(after))
            for name, (before, after) in changes.items()
        ],
        tone=_TONES.get(event.code, Tone.GREY),
    )


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part)
    if isinstance(value, list):
        return ", ".join(_entry(each) for each in value)
    return str(value or "")


def _entry(value: object) -> str:
    if isinstance(value, dict):
        return f"{value.get('name', '')} <{value.get('email', '')}>"
    return KINDS[str(value)].plural("en") if value in KINDS else str(value)
