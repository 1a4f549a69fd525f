"""Rewrite the reference pages, or say which of them differ from the code.

python -m tools.docs [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from outtray.config import env

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
MADE = "<!-- Made by `make docs` from {source}. Edits here are lost. -->\n\n"


def pages() -> Mapping[str, str]:
    """Every reference page by its name, as it should be now."""
    env.set_default("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from tools.docs import (
        api,
        causes,
        commands,
        documents,
        errors,
        log,
        metrics,
        providers,
        settings,
        standards,
        states,
    )

    made: Mapping[str, tuple[str, Callable[[], str]]] = {
        "settings.md": ("outtray/config/settings.py", settings.page),
        "states.md": ("outtray/outbox", states.page),
        "errors.md": ("every refusal in outtray/", errors.page),
        "commands.md": ("the commands' own help", commands.page),
        "api.md": ("the API's own description", api.page),
        "documents.md": ("outtray/documents/kinds", documents.page),
        "causes.md": ("outtray/diagnosis", causes.page),
        "providers.md": ("outtray/mailboxes/presets.json", providers.page),
        "log.md": ("every line written in outtray/", log.page),
        "metrics.md": ("outtray/delivery/meters.py and outtray/ops/gauges.py", metrics.page),
        "standards.md": ("every RFC named in outtray/", standards.page),
    }
    return {
        name: MADE.format(source=source) + page().rstrip() + "\n"
        for name, (source, page) in made.items()
    }


def main() -> None:
    expected = pages()
    if "--check" in sys.argv:
        stale = [name for name, text in expected.items() if _stored(name) != text]
        if stale:
            sys.exit(f"docs/reference differs from the code in {', '.join(stale)}: run `make docs`")
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in expected.items():
        (FOLDER / name).write_text(text)


def _stored(name: str) -> str:
    path = FOLDER / name
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    main()
