"""A company as the commands make it, a program that asks its API, and what its database says."""

from __future__ import annotations

import email as mail
import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from outtray.documents.samples.samples import sample_documents
from tests.ops.running import Serving, run, until
from tests.servers.scripted import ScriptedServer
from tests.servers.sent_folders import PASSWORDS, SentFolders

ANNA = "anna@nordwind.example"


class Founded(NamedTuple):
    """A company as the commands make it: its data folder, Anna's API key and password link."""

    data: Path
    key: str
    link: str


def own_copy(founded: Founded, data: Path) -> Path:
    """The company once more, with its administrator's word that this copy may send."""
    shutil.copytree(founded.data, data)
    released = run(data, "delivery", "release")
    assert released.returncode == 0, released
    return data


class Program(httpx.Client):
    """A program that asks the API with Anna's key."""

    def __init__(self, server: Serving, key: str) -> None:
        super().__init__(
            base_url=f"http://127.0.0.1:{server.port}/api/v1",
            headers={"Authorization": f"Bearer {key}"},
            timeout=60,
        )

    def set_up_mailbox(
        self, smtp_server: ScriptedServer, sent_folders: SentFolders | None = None
    ) -> None:
        """Anna's User Email, and a probe that passes; its test mail leaves the ledger again."""
        sent_folder = sent_folders.settings() if sent_folders else {}
        wishes = {
            "whose": "user",
            "address": ANNA,
            "settings": {**smtp_server.settings(username=ANNA), **sent_folder},
            "password": PASSWORDS[ANNA],
        }
        mailbox = self.post("/mailboxes", json=wishes).raise_for_status().json()
        probe = self.post(f"/mailboxes/{mailbox['id']}/probes").raise_for_status().json()
        until(lambda: self.get(f"/probes/{probe['id']}").json().get("state") == "passed")
        smtp_server.received.clear()

    def import_invoices(self, number: int) -> list[str]:
        imported = self.post("/documents", content=invoices(number)).raise_for_status()
        return [item["id"] for item in imported.json()["items"]]

    def add_to_queue(self, documents: list[str], key: str = "") -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return self.post("/emails", json={"documents": documents}, headers=headers)


def invoices(number: int) -> str:
    (invoice,) = [d for d in sample_documents(date(2026, 11, 23)) if d["kind"] == "invoice"]
    return json.dumps([{**invoice, "number": f"RE-{place}"} for place in range(number)])


def states(data: Path) -> dict[str, str]:
    """The state of each email by its Message-ID, read past the product."""
    with closing(sqlite3.connect(data / "outtray.sqlite3")) as database:
        return dict(database.execute("SELECT message_id, state FROM outbox_email"))


def ledger(smtp_server: ScriptedServer) -> Counter[str]:
    """How often each message arrived."""
    return Counter(
        str(mail.message_from_bytes(content)["Message-ID"]) for _, content in smtp_server.received
    )


def problem_of(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json().get("code")
