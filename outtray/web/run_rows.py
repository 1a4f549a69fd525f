"""The documents of a run, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from outtray.documents.kinds.registry import KINDS
from outtray.outbox.queries import give_mailboxes
from outtray.outbox.states import State
from outtray.runs.models import RowState, Run, RunRow
from outtray.web.headlines import headline_of
from outtray.web.identifiers import stamp
from outtray.web.paging import Order, page_after
from outtray.web.pills import Pill, Tone, pill_of
from outtray.web.session import PersonRequest

_IN_ORDER = Order("position", "position", is_descending=False)
_EMAIL = "email-"
_SHOWN = (
    "run",
    "position",
    "state",
    "code",
    "detail",
    "recipients",
    "document__kind",
    "document__number",
    "document__party__name",
    "email__state",
    "email__last_failure",
    "email__mailbox",
)
_PILLS: Mapping[str, Pill] = {
    RowState.NEW: Pill(Tone.GREY, "Not looked at"),
    RowState.WAITING: Pill(Tone.GREY, "Waiting"),
    RowState.SKIPPED: Pill(Tone.GREY, "Left out"),
    RowState.FAILED: Pill(Tone.RED, "Not possible"),
}
_GOES = Pill(Tone.GREEN, "Goes out")


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as the page shows it."""

    row: RunRow
    kind: str
    to: str
    pill: Pill
    why: str
    stamp: str


@dataclass(frozen=True, slots=True)
class RowTab:
    """Rows that one can choose to see, and how many there are."""

    name: str
    word: str
    count: int
    is_current: bool
    tone: str = ""


def row_list(request: PersonRequest, run: Run, by_state: Mapping[str, int]) -> dict[str, object]:
    """One page of rows, narrowed by the address: `rows` names a state, `code` a reason."""
    wanted, code = request.GET.get("rows", ""), request.GET.get("code", "")
    tabs = _tabs(run, by_state, wanted)
    wanted = next((tab.name for tab in tabs if tab.is_current), "")
    found = _narrowed(run.rows.all(), wanted)
    if code:
        found = found.filter(code=code[:40])
    whole = RunRow.objects.select_related("document__party", "email").only(*_SHOWN)
    after = request.GET.get("after", "")
    page = page_after(found, _IN_ORDER, after, whole=whole)
    give_mailboxes([row.email for row in page.rows if row.email and row.email.last_failure])
    return {
        "tabs": tabs,
        "rows_wanted": wanted,
        "code": code,
        "rows": [_shown(row, run) for row in page.rows],
        "newer": _address(request, after="") if after else "",
        "older": _address(request, after=page.following) if page.following else "",
    }


def _tabs(run: Run, by_state: Mapping[str, int], wanted: str) -> list[RowTab]:
    known = [
        ("", "All", run.documents, ""),
        ("waiting", "Waiting" if run.started_at else "Goes out", run.waiting, ""),
        *(
            (f"{_EMAIL}{state.value}", state.label, by_state.get(state, 0), _tone(state))
            for state in State
        ),
        ("skipped", "Left out", run.skipped, ""),
        ("failed", "Not possible", run.failed, "red"),
    ]
    return [
        RowTab(name, word, count, name == wanted, tone)
        for name, word, count, tone in known
        if count or not name or name == wanted
    ]


def _tone(state: State) -> str:
    return "red" if state in (State.FAILED, State.UNKNOWN) else ""


def _narrowed(rows: QuerySet[RunRow], wanted: str) -> QuerySet[RunRow]:
    if wanted.startswith(_EMAIL):
        return rows.filter(email__state=wanted.removeprefix(_EMAIL))
    if wanted == RowState.WAITING:
        return rows.filter(state__in=(RowState.NEW, RowState.WAITING))
    return rows.filter(state=wanted) if wanted else rows


def _shown(row: RunRow, run: Run) -> ShownRow:
    email = row.email
    to = ", ".join(each["address"] for each in row.recipients if each["kind"] == "to")
    if email:
        pill, why = pill_of(email.state), headline_of(email)
    elif row.state == RowState.WAITING and run.started_at is None:
        pill, why = _GOES, ""
    else:
        pill, why = _PILLS[row.state], row.detail
    seen = stamp(row.pk, row.state, row.code, email.state if email else "")
    return ShownRow(row, KINDS[row.document.kind].label("en"), to, pill, why, seen)


def _address(request: PersonRequest, **changes: str) -> str:
    parameters = request.GET.copy()
    parameters.pop("seen", None)
    for name, value in changes.items():
        parameters[name] = value
    return f"?{parameters.urlencode()}"
