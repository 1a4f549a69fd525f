"""`outtray deputy`: started by `outtray serve` itself while there is much to deliver."""

from __future__ import annotations

import click


@click.command(hidden=True)
def command() -> None:
    """Deliver beside the serving process that started this; nothing for people to call.

    It delivers for half of the mailboxes, and ends when nothing has been due for a while or
    when its standard input ends.

    \b
    Example:
        outtray serve     (starts it while there is much to deliver)
    """
    from outtray.cli.main import set_up

    set_up()
    from outtray.ops.deputed import deliver_beside

    deliver_beside()
