"""The history of a party in words, newest first, in pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Party, PartyEvent
from outtray.documents.party_history import LABELS, SENTENCES, Code
from outtray.web.pills import Tone

_PAGE = 10
_TONES: Mapping[str, Tone] = {
    Code.CREATED: Tone.GREEN,
    Code.MADE: Tone.GREEN,
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


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some lines, and where the older ones begin."""

    lines: list[Line]
    older: str
    is_first: bool


def history_page(party: Party, before: str) -> HistoryPage:
    """One page of lines older than that one; the newest without it."""
    events = PartyEvent.objects.filter(party=party).select_related("by").order_by("-id")
    if before.isdecimal() and len(before) < 19:
        events = events.filter(pk__lt=int(before))
    found = list(events[: _PAGE + 1])
    shown = found[:_PAGE]
    older = str(shown[-1].pk) if len(found) > _PAGE else ""
    return HistoryPage([_line(event) for event in shown], older, is_first=not before)


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
