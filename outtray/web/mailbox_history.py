"""The history of a mailbox in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from outtray.diagnosis.kept import explain_kept
from outtray.mailboxes.history import SENTENCES, Code
from outtray.mailboxes.models import Mailbox, MailboxEvent
from outtray.web.history import HistoryPage, history_page
from outtray.web.pills import Tone

_TONES: Mapping[str, Tone] = {
    Code.VALIDATED: Tone.GREEN,
    Code.RESUMED: Tone.GREEN,
    Code.UNVALIDATED: Tone.AMBER,
    Code.PAUSED: Tone.AMBER,
    Code.SLOWED: Tone.AMBER,
}
_BY: Mapping[str, str] = {
    "mail": "By email, through another mailbox.",
    "page": "By its page alone: no other mailbox of the company can send.",
}
_LIMITS = (
    ("messages_per_minute", "messages a minute"),
    ("messages_per_day", "messages a day"),
    ("recipients_per_day", "recipients a day"),
    ("connections", "connections"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a mailbox's history."""

    event: MailboxEvent
    sentence: str
    note: str
    tone: Tone


def history_of(mailbox: Mailbox, *, before: str) -> HistoryPage[Line]:
    """A page of the mailbox's history, older than the line with that number."""
    events = MailboxEvent.objects.filter(mailbox=mailbox).select_related("by")
    return history_page(events, partial(_line, mailbox), before=before)


def _line(mailbox: Mailbox, event: MailboxEvent) -> Line:
    sentence = SENTENCES.get(Code(event.code), event.code)
    return Line(event, sentence, _note(mailbox, event), _TONES.get(event.code, Tone.GREY))


def _note(mailbox: Mailbox, event: MailboxEvent) -> str:
    detail = event.detail
    if event.code == Code.PACE_CHANGED:
        return _changes(detail.get("before", {}), detail.get("after", {}))
    if event.code == Code.SLOWED:
        said = f" The server said: {detail['why']}" if detail.get("why") else ""
        return f"To {detail.get('messages_per_minute', 0):g} a minute.{said}"
    if event.code == Code.PAUSED:
        told = explain_kept(detail.get("failure"), mailbox)
        return told.headline if told else ""
    if event.code == Code.TOLD:
        return _BY.get(str(detail.get("by")), "")
    return str(detail.get("why", ""))


def _changes(before: Mapping[str, int | None], after: Mapping[str, int | None]) -> str:
    changed = (
        f"{words}: {_limit(after.get(name))} (was {_limit(before.get(name))})"
        for name, words in _LIMITS
        if before.get(name) != after.get(name)
    )
    return ", ".join(changed).capitalize()


def _limit(number: int | None) -> str:
    return f"{number:,}" if number else "no limit"
