"""`outtray delivery`: whether anything is sent at all, and who decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from outtray.cli import acting
from outtray.lib.errors import Refused

if TYPE_CHECKING:
    from outtray.people.models import Membership

as_person = click.option(
    "--as", "as_person", default="", metavar="EMAIL", help="The administrator to act as."
)


@click.group("delivery")
def command() -> None:
    """Put all delivery on hold, see whether it is, and let it go on.

    A database that wakes on another machine or in another folder than it went to sleep in,
    or that was restored from a backup, starts on hold: the original may have sent, or may
    send, what waits in the copy.

    \b
    Example:
        outtray delivery show
    """


@command.command("show")
def show() -> None:
    """Say whether delivery is on hold, since when and why.

    \b
    Example:
        outtray delivery show
    """
    acting.ready()
    from outtray.outbox.standstill import held

    hold = held()
    if hold is None:
        click.echo("Delivery works.")
    else:
        assert hold.held_since, "what is held is so since a time"
        since = hold.held_since.isoformat(timespec="minutes")
        click.echo(f"Delivery is on hold since {since}: {hold.held_why}")


@command.command("hold")
@click.argument("why")
def hold(why: str) -> None:
    """Let nothing be sent from now on, in any company. Messages in hand are finished.

    \b
    Example:
        outtray delivery hold "We move to another machine."
    """
    acting.ready()
    from outtray.lib import clock
    from outtray.outbox.standstill import hold_delivery

    if not hold_delivery(why, at=clock.now()):
        raise Refused("already_held", "Delivery is on hold already.")
    click.echo("Delivery is on hold.")


@command.command("release")
@as_person
def release(*, as_person: str) -> None:
    """Let delivery go on. Look first at what waits: has somebody else sent it?

    \b
    Example:
        outtray queue --state queued
        outtray delivery release
    """
    acting.ready()
    from outtray.lib import clock
    from outtray.outbox.standstill import confirm

    if not confirm(_decider(as_person), at=clock.now()):
        raise Refused("not_held", "Delivery is not on hold.")
    click.echo("Delivery goes on.")


def _decider(as_person: str) -> Membership:
    """An administrator of the company that decides for all of them."""
    from outtray.people.models import Company

    oldest = Company.objects.order_by("created_at", "pk").first()
    return acting.administrator(oldest.name if oldest else "", as_person)
