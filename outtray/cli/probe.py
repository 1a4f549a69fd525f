"""`outtray probe`: check a mailbox stage by stage."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from outtray.cli import acting
from outtray.cli.output import as_json, table
from outtray.cli.waiting import stopped_by_ctrl_c, wait_until
from outtray.lib.errors import Refused

if TYPE_CHECKING:
    from outtray.diagnosis.models import Probe
    from outtray.mailboxes.models import Mailbox
    from outtray.people.models import Membership

PATIENCE = 660


@click.command("probe")
@click.argument("address")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@acting.for_company
def command(address: str, *, is_json: bool, company: str, as_person: str) -> None:
    """Check the mailbox of ADDRESS as Validate does, with a test mail to itself.

    If every stage passes the mailbox is ready and the exit status is 0.

    \b
    Example:
        outtray probe billing@example.com
    """
    acting.ready()
    member = acting.administrator(company, as_person)
    probe = _run(member, _mailbox(member, address))
    if is_json:
        as_json(
            {"state": probe.state, "findings": probe.findings, "explanation": probe.explanation}
        )
    else:
        _show(probe)
    sys.exit(0 if probe.state == "passed" else 1)


def _mailbox(member: Membership, address: str) -> Mailbox:
    from outtray.mailboxes.models import Mailbox

    visible = Mailbox.objects.visible_to(member).filter(address__iexact=address)
    found = visible.order_by("whose").first()
    if found is None:
        raise Refused("no_such_mailbox", f"There is no mailbox {address}.")
    return found


def _run(member: Membership, mailbox: Mailbox) -> Probe:
    """Run it here, unless a serving process was quicker; then wait for that one."""
    from outtray.diagnosis.models import Probe
    from outtray.diagnosis.probes import run_probe, start_probe
    from outtray.lib import clock

    probe_id = start_probe(member, mailbox, at=clock.now()).pk
    run_probe(probe_id)
    ended = Probe.objects.filter(pk=probe_id, ended_at__isnull=False)
    with stopped_by_ctrl_c() as stop:
        wait_until(ended.exists, seconds=PATIENCE, stop=stop)
    return Probe.objects.get(pk=probe_id)


def _show(probe: Probe) -> None:
    table(
        ("", "STAGE", "MS", "FOUND"),
        [
            (
                "ok" if finding["ok"] else "no",
                finding["stage"],
                finding["milliseconds"],
                finding["detail"],
            )
            for finding in probe.findings
        ],
    )
    if probe.explanation is None:
        click.echo(f"{probe.address}: {probe.state}")
        return
    click.echo(f"\n{probe.explanation['headline']}", err=True)
    for number, step in enumerate(probe.explanation["steps"], start=1):
        click.echo(f"  {number}. {step}", err=True)
    click.echo(f"Who must act: {probe.explanation['who']}", err=True)
