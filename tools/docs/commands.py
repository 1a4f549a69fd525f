"""Every command with its own help."""

from __future__ import annotations

from collections.abc import Iterator

import click

from outtray.cli.main import main

WIDTH = 88


def page() -> str:
    parts = [
        "# Commands",
        "Each command tells the same with `--help`. A refusal is one line on standard error and "
        "exit status 1; a mistake in the command itself ends with 2.",
    ]
    context = click.Context(
        main,
        info_name="outtray",
        max_content_width=WIDTH,
        terminal_width=WIDTH,
        **main.context_settings,
    )
    for name, text in _helps(main, context):
        parts += [f"## {name}", f"```text\n{text}\n```"]
    return "\n\n".join(parts)


def _helps(group: click.Group, context: click.Context) -> Iterator[tuple[str, str]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command, name
        inner = click.Context(
            command,
            info_name=name,
            parent=context,
            max_content_width=WIDTH,
            terminal_width=WIDTH,
        )
        yield inner.command_path, _trimmed(command.get_help(inner))
        if isinstance(command, click.Group):
            yield from _helps(command, inner)


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines())
