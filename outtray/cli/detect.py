"""`outtray detect`: find the settings of a mailbox from its address. No database."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from outtray.cli.main import set_up
from outtray.cli.output import as_json, table
from outtray.config import env

if TYPE_CHECKING:
    from outtray.mailboxes.detection.values import Detection, Proposal


@click.command("detect")
@click.argument("address")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
def command(address: str, *, is_json: bool) -> None:
    """Find the server of ADDRESS: by built-in providers, name servers, autoconfig and others.

    Takes two seconds at most, and sends no password anywhere. The exit status is 0 if something
    was found.

    \b
    Example:
        outtray detect billing@example.com
    """
    env.set_default("OUTTRAY_LOG_LEVEL", "warning")
    set_up()
    from outtray.mailboxes.detection.detect import detect, site_reach

    detection = detect(address, site_reach())
    if is_json:
        as_json(detection.to_json())
    else:
        _show(detection)
    sys.exit(0 if detection.best else 1)


def _show(detection: Detection) -> None:
    for proposal in detection.proposals:
        click.echo(_told(proposal))
    if not detection.proposals:
        click.echo(f"No mail server was found for {detection.domain}.", err=True)
    if detection.reports:
        click.echo()
    rows = [
        (report.source, report.state, report.milliseconds, report.told)
        for report in detection.reports
    ]
    table(("SOURCE", "STATE", "MS", "TOLD"), rows)


def _told(proposal: Proposal) -> str:
    settings = " ".join(f"{name}={value}" for name, value in proposal.settings.items())
    way = " ".join(filter(None, (proposal.service_type, proposal.sign_in, proposal.transport)))
    confirm = ", to be confirmed" if proposal.must_confirm else ""
    line = f"{way}: {settings} ({proposal.confidence}{confirm}: {proposal.because})"
    return "".join(sign if sign.isprintable() else " " for sign in line)
