"""`outtray probe ADDRESS`: check a mailbox as it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from outtray.cli.output import as_json, told_explanation, told_finding
from outtray.cli.waiting import stopped_by_ctrl_c, wait_until
from outtray.lib.errors import Refused

if TYPE_CHECKING:
    from outtray.diagnosis.models import Probe
    from outtray.mailboxes.models import Mailbox
    from outtray.people.models import Membership

PATIENCE = 660


def run(member: Membership, address: str, *, is_json: bool) -> bool:
    """Check it and print what was found. True if it passed."""
    probe = _run(member, _mailbox(member, address))
    if is_json:
        as_json(
            {"state": probe.state, "findings": probe.findings, "explanation": probe.explanation}
        )
    else:
        _show(probe)
    return probe.state == "passed"


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
    for finding in probe.findings:
        told_finding(finding["stage"], finding["milliseconds"], finding["detail"], ok=finding["ok"])
    if probe.explanation is None:
        click.echo(f"{probe.address}: {probe.state}")
        return
    explanation = probe.explanation
    told_explanation(explanation["headline"], explanation["steps"], explanation["who"])
