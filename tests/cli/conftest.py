"""The `outtray` command as a person uses it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from outtray.cli.main import main
from outtray.documents.samples.samples import sample_documents

Run = Callable[..., Result]


@pytest.fixture
def run(db: None) -> Run:
    """Run a command in this process."""

    def command(*arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(main, list(arguments), input=given)

    return command


@pytest.fixture
def file(tmp_path: Path, at: datetime) -> Path:
    """A file with one document of each kind."""
    path = tmp_path / "documents.json"
    path.write_text(json.dumps({"documents": sample_documents(at.date())}))
    return path
