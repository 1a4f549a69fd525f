"""`outtray run`, from the plan to the file of results."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from outtray.lib.clock import SYSTEM, now
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Membership
from outtray.runs.work import RunWork
from tests import builders
from tests.cli.conftest import Run

BEN = ("--as", "ben@nordwind.example")


@pytest.fixture
def mailbox(ben: Membership) -> Mailbox:
    return builders.user_email(ben, at=now())


@pytest.mark.usefixtures("anna", "mailbox")
def test_a_run_from_its_plan_to_its_result(run: Run, file: Path) -> None:
    assert run("import", str(file)).exit_code == 0

    planned = run("run", "create", "--filter", "kind=invoice", "--json", *BEN)
    told = json.loads(planned.stdout)
    assert (told["state"], told["letters"], told["is_complete"]) == ("ready", 1, True)
    started = run("run", "start", told["id"], *BEN)
    assert started.exit_code == 0, started.output
    RunWork(SYSTEM).do(f"x/{told['id']}", threading.Event())

    shown = json.loads(run("run", "show", told["id"], "--json", *BEN).stdout)
    lines = run("run", "result", told["id"], *BEN).stdout.splitlines()
    assert (shown["state"], shown["emails"]) == ("done", {"queued": 1})
    assert len(lines) == 2
    assert "In the Email Queue" in lines[1]


@pytest.mark.usefixtures("anna", "mailbox")
def test_a_filter_that_nobody_knows_is_refused(run: Run) -> None:
    refused = run("run", "create", "--filter", "colour=red", *BEN)

    assert refused.exit_code == 2
    assert "kind, party, q" in refused.stderr
