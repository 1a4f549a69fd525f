"""What a run would do, before it is started: counts, samples, faults, size and time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from outtray.compose.letter import Letter
from outtray.lib.errors import Refused
from outtray.mailboxes import pace
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email
from outtray.outbox.planning import letter_of
from outtray.outbox.states import State
from outtray.runs.models import RowState, Run, RunRow, RunState
from outtray.runs.planner import planner_of, with_documents
from outtray.runs.wishes import RunWishes

SAMPLES = 5
# Below so many emails nobody asks twice, however few were sent until now.
USUAL = 100
MORE = 2  # times the largest run so far is unusual

ALREADY_SENT = "already_sent"


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why some documents will not go. `sentence` is that of the first of them."""

    code: str
    sentence: str
    count: int


@dataclass(frozen=True, slots=True)
class SenderLoad:
    """What a mailbox gets to do. `minutes` is None where nothing limits its pace.

    `days` is more than one where its limit a day asks for that; `ahead` waits already.
    """

    mailbox: Mailbox
    letters: int
    ahead: int
    per_minute: int | None
    minutes: float | None
    days: int = 1


@dataclass(frozen=True, slots=True)
class RunPreview:
    """A run as it stands: exact once `is_complete`, before that of what was looked at.

    `letters` counts emails, all else documents; `repeated` were sent to the same addresses
    before, and go only if that is wished. `bytes` is an estimate from samples. `minutes` is the
    time needed at the mailboxes' pace, None where nothing limits it.
    """

    documents: int
    examined: int
    going: int
    letters: int
    repeated: int
    skipped: tuple[Skipped, ...]
    samples: tuple[RunRow, ...]
    senders: tuple[SenderLoad, ...]
    bytes: int
    minutes: float | None
    why_unusual: str
    is_complete: bool

    @property
    def is_unusual(self) -> bool:
        """Whether starting asks twice."""
        return bool(self.why_unusual)


def preview(run: Run, *, at: datetime) -> RunPreview:
    """What the run would do if it were started now. Costs a handful of queries."""
    again = RunWishes.from_json(run.wishes).again
    counted = run.rows.order_by().aggregate(
        going=Count("pk", filter=_goes(again=again)),
        repeated=Count("pk", filter=_repeated()),
        examined=Count("pk", filter=~Q(state=RowState.NEW)),
    )
    letters = sending(run, again=again)
    senders = tuple(_senders(run, again=again, at=at))
    slowest = [each.minutes for each in senders if each.minutes is not None]
    return RunPreview(
        documents=run.documents,
        examined=counted["examined"],
        going=counted["going"],
        letters=letters,
        repeated=counted["repeated"],
        skipped=tuple(_skipped(run, again=again)),
        samples=tuple(_samples(run, again=again)),
        senders=senders,
        bytes=letters * run.letter_bytes,
        minutes=max(slowest, default=None),
        why_unusual=unusual(run, letters) if run.state == RunState.READY else "",
        # Not when the last document is known: then they are put together, and weighed.
        is_complete=run.state != RunState.PREVIEWING,
    )


def sending(run: Run, *, again: bool) -> int:
    """How many emails the run would make."""
    return run.rows.filter(_goes(again=again)).order_by().values("bundle").distinct().count()


def unusual(run: Run, letters: int) -> str:
    """Why so many emails are asked about twice; empty if they are usual for this company."""
    if letters <= USUAL:
        return ""
    before = Run.objects.filter(company_id=run.company_id, started_at__isnull=False)
    largest = before.exclude(pk=run.pk).exclude(state=RunState.UNDONE).order_by("-letters").first()
    if largest is None:
        return f"This is the first run of this company, with {letters} emails."
    if letters <= MORE * largest.letters:
        return ""
    return f"The largest run of this company so far had {largest.letters} emails."


def sample_letter(run: Run, position: int) -> Letter:
    """The letter in which that document would go, as it is now. Raises Refused."""
    row = run.rows.filter(position=position).first()
    if row is None:
        raise Refused("no_such_row", f"This run has no document {position}.")
    same = with_documents(run.rows.filter(bundle=row.bundle, state=RowState.WAITING))
    planner = planner_of(run)
    documents = [each.document for each in same] or [row.document]
    return letter_of(planner.together([planner.plan(each) for each in documents]))


def _goes(*, again: bool) -> Q:
    waiting = Q(state=RowState.WAITING)
    return waiting | _repeated() if again else waiting


def _repeated() -> Q:
    return Q(state=RowState.SKIPPED, code=ALREADY_SENT)


def _skipped(run: Run, *, again: bool) -> list[Skipped]:
    out = run.rows.filter(state__in=(RowState.SKIPPED, RowState.FAILED)).order_by()
    if again:
        out = out.exclude(_repeated())
    found = out.values_list("code").annotate(count=Count("pk")).order_by("-count", "code")
    return [
        Skipped(code, out.filter(code=code).order_by("position")[0].detail, count)
        for code, count in found
    ]


def _samples(run: Run, *, again: bool) -> list[RunRow]:
    """The first of some emails, spread evenly over the run."""
    going = run.rows.filter(_goes(again=again)).order_by()
    first = list(going.order_by("position").values_list("position", "bundle"))
    heads = [position for position, bundle in first if position == bundle] or [
        position for position, _ in first
    ]
    chosen = _spread(heads, SAMPLES)
    rows = run.rows.filter(position__in=chosen).order_by("position")
    return list(rows.select_related("document__party", "mailbox"))


def _spread(positions: Sequence[int], most: int) -> list[int]:
    if len(positions) <= most:
        return list(positions)
    step = (len(positions) - 1) / (most - 1)
    return [positions[round(number * step)] for number in range(most)]


def _senders(run: Run, *, again: bool, at: datetime) -> list[SenderLoad]:
    going = run.rows.filter(_goes(again=again), mailbox__isnull=False).order_by()
    counted = dict(going.values_list("mailbox_id").annotate(letters=Count("bundle", distinct=True)))
    mailboxes = Mailbox.objects.select_related("quota").in_bulk(list(counted))
    loads = [_load(mailboxes[each], counted[each], at=at) for each in counted]
    return sorted(loads, key=lambda load: -load.letters)


def _load(mailbox: Mailbox, letters: int, *, at: datetime) -> SenderLoad:
    quota = getattr(mailbox, "quota", None)
    limits = pace.in_force(pace.limits_of(mailbox), quota, at=at)
    ahead = Email.objects.filter(mailbox=mailbox, state=State.QUEUED).count()
    minutes, days = time_needed(limits, letters + ahead)
    return SenderLoad(mailbox, letters, ahead, limits.messages_per_minute, minutes, days)


def time_needed(limits: pace.Pace, letters: int) -> tuple[float | None, int]:
    """The minutes, and the days over which they lie, that so many emails take at a pace."""
    per_minute, per_day = limits.messages_per_minute, limits.messages_per_day
    minutes = letters / per_minute if per_minute else None
    days = 1
    if per_day and letters > per_day:
        days = -(-letters // per_day)
        rest = (letters - (days - 1) * per_day) / per_minute if per_minute else 0.0
        minutes = timedelta(days=days - 1) / timedelta(minutes=1) + rest
    return minutes, days
