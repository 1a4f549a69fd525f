from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from outtray.documents.models import Document
from outtray.documents.samples.samples import sample_documents
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email
from outtray.people.models import Membership
from tests import builders
from tests.cli.conftest import Run
from tests.servers.scripted import ScriptedServer

BEN = ("--as", "ben@nordwind.example")


def test_a_file_is_imported_once_however_often(run: Run, anna: Membership, file: Path) -> None:
    first = run("import", str(file))
    again = run("import", str(file), "--json")

    assert first.exit_code == 0, first.output
    assert first.stdout.count("created") == 6
    assert {item["status"] for item in json.loads(again.stdout)["items"]} == {"unchanged"}


def test_a_wrong_document_is_named_and_none_imported(
    run: Run, anna: Membership, file: Path, at: datetime
) -> None:
    documents = sample_documents(at.date())
    documents[2]["currency"] = "XXX"
    file.write_text(json.dumps(documents))

    refused = run("import", str(file))
    kept = run("import", str(file), "--keep-going")

    assert refused.exit_code == kept.exit_code == 1
    assert "document 3" in refused.stderr
    assert "currency" in refused.stderr
    assert "created" not in refused.stdout
    assert kept.stdout.count("created") == 5


def test_a_file_that_is_not_json_is_refused_in_one_line(run: Run, anna: Membership) -> None:
    result = run("import", "-", given="PK\x03\x04")

    assert result.exit_code == 1
    assert result.stderr.startswith("outtray: ")
    assert result.stderr.count("\n") == 1


def test_documents_are_sent_from_a_file(
    run: Run, ben: Membership, file: Path, smtp_server: ScriptedServer, at: datetime
) -> None:
    builders.user_email(ben, at=at, port=smtp_server.port)

    result = run("send", str(file), "--as", "ben@nordwind.example", "--json")

    emails = json.loads(result.stdout)["emails"]
    assert result.exit_code == 0, result.output
    assert [email["state"] for email in emails] == ["sent"] * 6
    assert len(smtp_server.received) == 6


def test_a_document_is_sent_by_its_number_once(
    run: Run,
    anna: Membership,
    ben: Membership,
    file: Path,
    smtp_server: ScriptedServer,
    at: datetime,
) -> None:
    builders.user_email(ben, at=at, port=smtp_server.port)
    run("import", str(file))
    number = Document.objects.get(kind="invoice").number

    sent = run("send", f"invoice:{number}", "--key", "once", *BEN)
    same_key = run("send", number, "--key", "once", *BEN)
    again = run("send", number, *BEN)

    assert sent.exit_code == same_key.exit_code == 0, sent.output
    assert again.exit_code == 1
    assert "already" in again.stdout
    assert len(smtp_server.received) == 1


def test_what_is_only_queued_waits(
    run: Run,
    anna: Membership,
    ben: Membership,
    file: Path,
    smtp_server: ScriptedServer,
    at: datetime,
) -> None:
    builders.user_email(ben, at=at, port=smtp_server.port)

    result = run("send", str(file), "--queue-only", *BEN)
    listed = run("queue")
    held = run("queue", "--state", "held", "--json")

    assert result.exit_code == 0, result.output
    assert smtp_server.received == []
    assert "6 queued" in listed.stdout
    assert "It is due, and goes next." in listed.stdout
    assert json.loads(held.stdout) == {"counts": {"queued": 6}, "emails": []}


def test_a_refused_recipient_is_told_and_the_exit_says_so(
    run: Run, ben: Membership, file: Path, smtp_server: ScriptedServer, at: datetime
) -> None:
    builders.user_email(ben, at=at, port=smtp_server.port)
    smtp_server.answers("RCPT", "550 5.1.1 No such user here")

    result = run("send", str(file))

    assert result.exit_code == 1
    assert "No such user here" in result.stdout
    assert set(Email.objects.values_list("state", flat=True)) == {"failed"}


def test_what_cannot_be_found_is_said_in_one_line(run: Run, ben: Membership) -> None:
    for arguments in (
        ("send", "NOTHING-1"),
        ("send", "NOTHING-1", "--as", "eve@nordwind.example"),
        ("queue", "--company", "Nowhere"),
        ("probe", "eve@nordwind.example", "--as", "ben@nordwind.example"),
    ):
        result = run(*arguments)
        assert result.exit_code == 1, arguments
        assert result.stderr.startswith("outtray: There is no"), result.stderr
        assert result.stdout == ""


def test_where_there_are_several_it_must_be_said_which(
    run: Run, anna: Membership, ben: Membership, clara: Membership
) -> None:
    company = run("queue")
    person = run("send", "RE-1", "--company", "Nordwind Handels GmbH")

    assert "--company" in company.stderr
    assert "Südhang Weinbau" in company.stderr
    assert "--as" in person.stderr


def test_clara_sends_nothing_of_nordwind(
    run: Run, ben: Membership, clara: Membership, file: Path
) -> None:
    run("import", str(file), "--company", "Nordwind Handels GmbH", "--as", "ben@nordwind.example")
    number = Document.objects.get(kind="invoice").number

    result = run("send", number, "--company", "Südhang Weinbau")
    foreign = run("send", number, "--company", "Südhang Weinbau", "--as", "ben@nordwind.example")

    assert result.exit_code == foreign.exit_code == 1
    assert "no file and no document" in result.stderr
    assert not Email.objects.exists()


def test_a_mailbox_is_probed(
    run: Run, ben: Membership, smtp_server: ScriptedServer, at: datetime
) -> None:
    mailbox = builders.user_email(ben, at=at, port=smtp_server.port)
    passed = run("probe", mailbox.address, *BEN)
    smtp_server.answers("AUTH", "535 5.7.8 Authentication failed")
    failed = run("probe", mailbox.address, *BEN)

    assert passed.exit_code == 0, passed.output
    assert "login" in passed.stdout
    assert failed.exit_code == 1
    assert "does not accept this user name and password" in failed.stderr
    assert Mailbox.objects.get().health == "unvalidated"
