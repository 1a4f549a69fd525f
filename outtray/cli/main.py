"""The `outtray` command. Each command lies in a module of its own, read only when it is used."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

from outtray import cli
from outtray.config import env
from outtray.lib.disk import is_full
from outtray.lib.errors import Refused

COMMANDS: Mapping[str, str] = {
    "serve": "serve",
    "worker": "worker",
    "demo": "demo",
    "import": "imports",
    "parties": "parties",
    "send": "send",
    "run": "run",
    "queue": "queue",
    "delivery": "delivery",
    "resolve": "resolve",
    "correct": "correct",
    "proof": "proof",
    "detect": "detect",
    "probe": "probe",
    "explain": "explain",
    "einvoice": "einvoice",
    "key": "key",
    "person": "person",
    "migrate": "migrate",
    "backup": "backup",
    "move": "move",
}


class Commands(click.Group):
    """Finds commands by COMMANDS, and says refusals in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"{cli.__name__}.{COMMANDS[cmd_name]}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refused:
            click.echo(f"outtray: {refused.detail}", err=True)
            ctx.exit(1)
        except (OSError, _database_error()) as problem:
            if not is_full(problem):
                raise
            click.echo("outtray: The disk is full. Make room, then try again.", err=True)
            ctx.exit(1)


def _database_error() -> type[Exception]:
    """Looked up when something went wrong: not every command needs a database."""
    from django.db import DatabaseError

    return DatabaseError


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="outtray")
def main() -> None:
    """Sends the documents of a business by email, and knows what became of every one."""


def set_up() -> None:
    """Read the settings and load the models; a command calls it before it touches either."""
    import django

    env.set_default("DJANGO_SETTINGS_MODULE", "outtray.config.settings")
    django.setup()
    _announce_wake_ups()


def _announce_wake_ups() -> None:
    """What a command adds is sent at once, wherever the workers are; SQLite is swept instead."""
    from django.conf import settings

    if settings.IS_CLUSTER:
        from outtray.engine import base
        from outtray.engine.announcer import Announcer

        base.use(Announcer())
