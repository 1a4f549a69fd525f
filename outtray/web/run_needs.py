"""What of runs concerns Home: those that wait for a person, and those under way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from outtray.people.models import Membership
from outtray.runs.models import Run, RunState
from outtray.web.needs import Need
from outtray.web.pills import Pill, Tone
from outtray.web.run_page import PILLS, Progress, progress_of

_MOST = 3
# Whoever has not put it right by then does not want to.
_RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RunUnderWay:
    """A run that works by itself."""

    run: Run
    pill: Pill
    progress: Progress


def runs_under_way(membership: Membership, *, at: datetime) -> list[RunUnderWay]:
    """The newest of those that are being looked through or made into emails."""
    states = (RunState.PREVIEWING, RunState.RUNNING)
    runs = Run.objects.visible_to(membership).filter(state__in=states).order_by("-pk")
    return [RunUnderWay(run, PILLS[run.state], progress_of(run, at=at)) for run in runs[:_MOST]]


def needs_of_runs(membership: Membership, *, at: datetime) -> Iterator[Need]:
    """Runs that are not started, paused, or had documents that could not go."""
    runs = Run.objects.visible_to(membership).order_by("-pk")
    for run in runs.filter(state=RunState.READY)[:_MOST]:
        title = f"A run of {_documents(run.documents)} waits for you to send it"
        yield _need(run, Tone.AMBER, "eye", title, f"{run}: looked through, not sent.")
    for run in runs.filter(state=RunState.PAUSED)[:_MOST]:
        title = f"A run with {_documents(run.waiting)} left is paused"
        yield _need(run, Tone.AMBER, "player-pause", title, f"{run}: it goes on when you say so.")
    failed = runs.filter(state=RunState.DONE, failed__gt=0, ended_at__gt=at - _RECENT)
    for run in failed[:_MOST]:
        title = f"{_documents(run.failed)} of a run could not be sent"
        sentence = f"{run}: each says why. Put it right, and try them again."
        yield _need(run, Tone.RED, "circle-x", title, sentence)


def _need(run: Run, tone: Tone, icon: str, title: str, sentence: str) -> Need:
    return Need(tone, icon, title, sentence, reverse("run", args=[run.pk]), "Look at it")


def _documents(count: int) -> str:
    return "1 document" if count == 1 else f"{count:,} documents"
