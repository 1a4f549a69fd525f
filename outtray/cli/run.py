"""`outtray run`: many documents at once, planned, looked at, started, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from outtray.cli import acting
from outtray.cli.output import as_json, table

if TYPE_CHECKING:
    from outtray.people.models import Membership
    from outtray.runs.models import Run

FIELDS = ("kind", "party", "q", "since", "until", "least", "most", "status", "email")


@click.group("run")
def command() -> None:
    """Send many documents at once: plan a run, look at its preview, start it.

    \b
    Example:
        outtray run create --filter kind=invoice
    """


@command.command("create")
@click.option(
    "--filter",
    "words",
    multiple=True,
    metavar="NAME=VALUE",
    help=f"What to narrow the documents to: {', '.join(FIELDS)}. May be repeated.",
)
@click.option("--document", "ids", multiple=True, type=click.UUID, help="A document's id.")
@click.option("--name", default="", help="What the run is called.")
@click.option("--from", "mailbox", type=click.UUID, help="The mailbox that sends, by its id.")
@click.option("--template", type=click.UUID, help="The email template, by its id.")
@click.option("--layout", type=click.UUID, help="The PDF layout, by its id.")
@click.option("--recipient", default="", help="An address slot instead of the usual order.")
@click.option("--combine", is_flag=True, help="Combine attachments per recipient.")
@click.option("--again", is_flag=True, help="Send again what was sent before.")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@acting.for_company
def create(
    *,
    words: tuple[str, ...],
    ids: tuple[UUID, ...],
    name: str,
    is_json: bool,
    company: str,
    as_person: str,
    **wished: Any,
) -> None:
    """Plan a run, look through its documents, and say what it would do. Nothing is sent.

    \b
    Example:
        outtray run create --filter kind=invoice --filter email=none --combine
    """
    acting.ready()
    from outtray.lib import clock
    from outtray.outbox.document_filter import DocumentFilter
    from outtray.runs.examine import examine
    from outtray.runs.plan import Selection, plan_run
    from outtray.runs.wishes import RunWishes

    member = acting.person(company, as_person)
    chosen = Selection(list(ids))
    if words:
        chosen = Selection(filter=DocumentFilter.read(dict(map(_pair, words))))
    run = plan_run(member, chosen, RunWishes(**wished), at=clock.now(), name=name)
    while examine(run, at=clock.now()):
        pass
    _tell_preview(run, is_json=is_json)


@command.command("list")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@acting.for_company
def index(*, is_json: bool, company: str, as_person: str) -> None:
    """List runs, newest first.

    \b
    Example:
        outtray run list
    """
    acting.ready()
    from outtray.runs.models import Run

    member = acting.administrator(company, as_person)
    runs = [_told(run) for run in Run.objects.visible_to(member).order_by("-pk")[:50]]
    if is_json:
        as_json({"runs": runs})
        return
    if not runs:
        click.echo("no runs")
        return
    names = ("id", "name", "state", "documents", "letters", "accepted", "skipped", "failed")
    table([name.upper() for name in names], [[run[name] for name in names] for run in runs])


@command.command("show")
@click.argument("run_id", type=click.UUID)
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@acting.for_company
def show(*, run_id: UUID, is_json: bool, company: str, as_person: str) -> None:
    """Say how far a run is, and what became of its emails.

    \b
    Example:
        outtray run show 0192d0a4-7b1e-7c3a-9f55-3b1f2a6c9e10
    """
    _, run = _found(run_id, company, as_person)
    _tell(run, is_json=is_json)


@command.command("preview")
@click.argument("run_id", type=click.UUID)
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@acting.for_company
def look(*, run_id: UUID, is_json: bool, company: str, as_person: str) -> None:
    """Say what a run would do: counts, what is left out and why, size and time.

    \b
    Example:
        outtray run preview 0192d0a4-7b1e-7c3a-9f55-3b1f2a6c9e10
    """
    _, run = _found(run_id, company, as_person)
    _tell_preview(run, is_json=is_json)


@command.command("start")
@click.argument("run_id", type=click.UUID)
@click.option("--confirm", type=int, help="The number of emails, where that is unusual.")
@click.option("--again", is_flag=True, default=None, help="Send again what was sent before.")
@acting.for_company
def start(
    *, run_id: UUID, confirm: int | None, again: bool | None, company: str, as_person: str
) -> None:
    """Start a run. The serving process, or a worker, makes its emails.

    \b
    Example:
        outtray run start 0192d0a4-7b1e-7c3a-9f55-3b1f2a6c9e10
    """
    member, run = _found(run_id, company, as_person)
    from outtray.lib import clock
    from outtray.runs.start import start_run

    at = clock.now()
    start_run(run, by=member.person, at=at, again=again, confirmed=confirm, undo_seconds=0)
    _tell(run)


@command.command("pause")
@click.argument("run_id", type=click.UUID)
@acting.for_company
def pause(*, run_id: UUID, company: str, as_person: str) -> None:
    """Make no more emails, and hold those that have not left.

    \b
    Example:
        outtray run pause 0192d0a4-7b1e-7c3a-9f55-3b1f2a6c9e10
    """
    _, run = _found(run_id, company, as_person)
    from outtray.lib import clock
    from outtray.runs.steer import pause_run

    pause_run(run, at=clock.now())
    _tell(run)


@command.command("resume")
@click.argument("run_id", type=click.UUID)
@acting.for_company
def resume(*, run_id: UUID, company: str, as_person: str) -> None:
    """Go on with a paused run.

    \b
    Example:
        outtray run resume 0192d0a4-7b1e-7c3a-9f55-3b1f2a6c9e10
    """
    _, run = _found(run_id, company, as_person)
    from outtray.lib import clock
    from outtray.runs.steer import resume_run

    resume_run(run, at=clock.now())
    _tell(run)


@command.command("stop")
@click.argument("run_id", type=click.UUID)
@click.option("--cancel", is_flag=True, help="Cancel the emails that have not left, too.")
@acting.for_company
def stop(*, run_id: UUID, cancel: bool, company: str, as_person: str) -> None:
    """Make no more emails, for good.

    \b
    Example:
        outtray run stop 0192d0a4-7b1e-7c3a-9f55-3b1f2a6c9e10 --cancel
    """
    _, run = _found(run_id, company, as_person)
    from outtray.lib import clock
    from outtray.runs.steer import stop_run

    stop_run(run, at=clock.now(), cancels=cancel)
    _tell(run)


@command.command("retry")
@click.argument("run_id", type=click.UUID)
@acting.for_company
def retry(*, run_id: UUID, company: str, as_person: str) -> None:
    """Try those documents again that were not possible.

    \b
    Example:
        outtray run retry 0192d0a4-7b1e-7c3a-9f55-3b1f2a6c9e10
    """
    _, run = _found(run_id, company, as_person)
    from outtray.lib import clock
    from outtray.runs.retry import retry_rows

    retry_rows(run, at=clock.now())
    _tell(run)


@command.command("result")
@click.argument("run_id", type=click.UUID)
@acting.for_company
def result(*, run_id: UUID, company: str, as_person: str) -> None:
    """Print what became of each document, as CSV.

    \b
    Example:
        outtray run result 0192d0a4-7b1e-7c3a-9f55-3b1f2a6c9e10
    """
    _, run = _found(run_id, company, as_person)
    from outtray.runs.result import result_csv

    for line in result_csv(run):
        click.echo(line, nl=False)


def _found(run_id: UUID, company: str, as_person: str) -> tuple[Membership, Run]:
    acting.ready()
    from outtray.lib.errors import Refused
    from outtray.runs.models import Run

    member = acting.administrator(company, as_person)
    run = Run.objects.visible_to(member).filter(pk=run_id).first()
    if run is None:
        raise Refused("no_such_run", f"There is no run {run_id}.")
    return member, run


def _pair(word: str) -> tuple[str, str]:
    name, sign, value = word.partition("=")
    if not sign or name not in FIELDS:
        raise click.BadParameter(f"{word!r} is not NAME=VALUE with one of {', '.join(FIELDS)}.")
    return name, value


def _told(run: Run) -> dict[str, Any]:
    names = ("name", "state", "documents", "letters", "skipped", "accepted", "failed", "waiting")
    return {"id": run.pk, **{name: getattr(run, name) for name in names}}


def _tell(run: Run, *, is_json: bool = False) -> None:
    from outtray.runs.result import outcomes

    run.refresh_from_db()
    told = {**_told(run), "emails": dict(outcomes(run))}
    if is_json:
        as_json(told)
        return
    click.echo(f"run {run.pk}: {run.get_state_display().lower()}")
    counts = ("documents", "waiting", "accepted", "skipped", "failed")
    click.echo("  ".join(f"{told[name]} {name}" for name in counts))
    click.echo("  ".join(f"{count} {state}" for state, count in told["emails"].items()))


def _tell_preview(run: Run, *, is_json: bool) -> None:
    from outtray.lib import clock
    from outtray.runs.preview import preview

    run.refresh_from_db()
    seen = preview(run, at=clock.now())
    skipped = [{"code": e.code, "documents": e.count, "why": e.sentence} for e in seen.skipped]
    if is_json:
        names = ("documents", "letters", "repeated", "bytes", "minutes", "is_complete")
        told = {name: getattr(seen, name) for name in names}
        as_json({**_told(run), **told, "skipped": skipped, "unusual": seen.why_unusual})
        return
    click.echo(f"run {run.pk}: {seen.letters} emails from {seen.documents} documents")
    for each in seen.senders:
        minutes = "" if each.minutes is None else f", about {each.minutes:.0f} minutes"
        click.echo(f"  {each.letters} from {each.mailbox.address}{minutes}")
    for why in seen.skipped:
        click.echo(f"  {why.count} left out ({why.code}): {why.sentence}")
    if seen.why_unusual:
        click.echo(f"{seen.why_unusual} Start it with --confirm {seen.letters}.")
