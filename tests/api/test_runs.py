"""Runs over the API."""

from __future__ import annotations

import csv
import io
import threading

import pytest
from django.test import Client

from outtray.documents.models import Document, Party
from outtray.lib.clock import SYSTEM
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email
from outtray.people.models import Membership
from outtray.runs.models import Run
from outtray.runs.work import RunWork
from tests.api.conftest import Program

pytestmark = pytest.mark.django_db


def work() -> None:
    """What the engine would do."""
    runs = RunWork(SYSTEM)
    while keys := list(runs.due(SYSTEM.now())):
        for key in keys:
            runs.do(key, threading.Event())


def planned(program: Program, papers: list[Document], **wishes: object) -> str:
    body = {"documents": [str(each.pk) for each in papers], **wishes}
    answer = program.post("/runs", body)
    assert answer.status == 201, answer.content
    work()
    return str(answer.json["id"])


def test_a_run_is_planned_looked_at_started_and_read(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    run = planned(bens, papers[:3], name="Month end")
    seen = bens.get(f"/runs/{run}/preview").json
    assert (seen["is_complete"], seen["letters"], seen["unusual"]) == (True, 3, "")
    assert seen["senders"][0]["mailbox_id"] == str(mailbox.pk)

    bens.post(f"/runs/{run}/start", {})
    work()

    told = bens.get(f"/runs/{run}").json
    assert (told["state"], told["accepted"], told["emails"]) == ("done", 3, {"queued": 3})
    rows = bens.get(f"/runs/{run}/rows?limit=2").json
    assert [row["position"] for row in rows["items"]] == [1, 2]
    assert (rows["next"], rows["items"][0]["state"]) == (2, "accepted")


def test_a_filter_makes_a_run(bens: Program, papers: list[Document], mailbox: Mailbox) -> None:
    answer = bens.post("/runs", {"filter": {"kind": "invoice"}})

    assert answer.json["documents"] == sum(each.kind == "invoice" for each in papers)
    assert answer.json["selection"] == {"filter": {"kind": "invoice"}}


def test_a_run_can_be_paused_resumed_stopped_and_undone(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    run = planned(bens, papers[:2])
    bens.post(f"/runs/{run}/start", {"undo_seconds": 60})

    assert bens.post(f"/runs/{run}/pause").json["state"] == "paused"
    assert bens.ask("DELETE", f"/runs/{run}/pause").json["state"] == "running"
    assert bens.ask("DELETE", f"/runs/{run}/start").json["state"] == "undone"
    assert bens.post(f"/runs/{run}/stop", {}).code == "wrong_run_state"
    assert not Email.objects.exists()


def test_a_run_that_never_started_can_be_forgotten(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    run = planned(bens, papers[:1])

    assert bens.ask("DELETE", f"/runs/{run}").status == 204
    assert not Run.objects.exists()


def test_the_result_is_a_file_that_a_spreadsheet_opens_safely(
    bens: Program, ben: Membership, papers: list[Document], mailbox: Mailbox
) -> None:
    Party.objects.filter(pk=papers[0].party_id).update(name='=HYPERLINK("http://evil.example")')
    run = planned(bens, papers[:1])

    client, secret = Client(), bens.secret.value
    answer = client.get(f"/api/v1/runs/{run}/result", headers={"Authorization": f"Bearer {secret}"})

    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    heading, row = csv.reader(io.StringIO(text))
    told = dict(zip(heading, row, strict=True))
    assert told["Number"] == papers[0].number
    assert told["Customer or vendor"].startswith("'=HYPERLINK")
    assert told["Result"] == "Waiting"


def test_what_was_not_possible_is_tried_again_when_it_is_put_right(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    run = planned(bens, papers[:1])
    party = Party.objects.filter(pk=papers[0].party_id)
    addresses = party.values("main_email", "billing_email", "bill_to_email").get()
    party.update(excluded=[papers[0].kind])
    bens.post(f"/runs/{run}/start", {})
    work()
    assert bens.get(f"/runs/{run}").json["failed"] == 1

    party.update(excluded=[], **addresses)
    bens.post(f"/runs/{run}/retry")
    work()

    told = bens.get(f"/runs/{run}").json
    assert (told["accepted"], told["failed"]) == (1, 0)


def test_clara_sees_no_run_of_nordwind(
    bens: Program, claras: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    run = planned(bens, papers[:1])

    assert claras.get(f"/runs/{run}").status == 404
    assert claras.get("/runs").json["items"] == []
    refused = claras.post("/runs", {"documents": [str(papers[0].pk)]})
    assert refused.code == "no_documents"
