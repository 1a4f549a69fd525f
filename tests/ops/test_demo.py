"""`outtray demo`, from the command to what the mail server has."""

from __future__ import annotations

import json
import re
import signal
import smtplib
import socket
import sqlite3
import ssl
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from outtray.documents.samples.samples import sample_documents
from outtray.lib.clock import now
from outtray.mail.reading import read
from outtray.ops.demo.authority import new_authority
from outtray.ops.demo.destination import COMPANY_ADDRESS, USER_ADDRESS
from outtray.ops.demo.mail_server import MailServer
from tests.ops.running import ROOT, command, free_port, run, until
from tests.servers.scripted import ScriptedServer


def test_six_documents_reach_the_demos_own_mail_server(tmp_path: Path) -> None:
    data = tmp_path / "demo"

    done = run(tmp_path / "unused", "demo", "--json", "--data", str(data), "--port", _port())

    emails = json.loads(done.stdout)["emails"]
    assert done.returncode == 0
    kinds = {document["kind"] for document in sample_documents(now().date())}
    assert {email["document_kind"] for email in emails} == kinds
    assert {email["state"] for email in emails} == {"sent"}
    assert all(email["reply"].startswith("250 ") for email in emails)
    assert not (tmp_path / "unused").exists()
    received = {_id(message): message for message in _received(data)}
    for email in emails:
        message = read(received[email["message_id"]])
        (pdf,) = message.attachments
        assert pdf.content.startswith(b"%PDF-")
        assert email["document_number"] in message.header("Subject")
        assert email["sender"] in message.header("From")
        from_company = email["document_kind"] in {"order_confirmation", "payment_reminder"}
        assert email["sender"] == (COMPANY_ADDRESS if from_company else USER_ADDRESS)


def test_without_a_terminal_it_ends_after_the_table(tmp_path: Path) -> None:
    done = run(tmp_path, "demo", "--port", _port())

    assert done.returncode == 0
    assert len(re.findall(r"^.+ sent +250 ", done.stdout, re.MULTILINE)) == 6
    assert "The mail server accepted 6 of 6 documents." in done.stdout
    assert "http://127.0.0.1:" in done.stdout
    assert "anna@nordwind.example" in done.stdout


def test_an_outside_server_gets_all_six(tmp_path: Path, smtp_server: ScriptedServer) -> None:
    there = f"localhost:{smtp_server.port}"

    done = run(tmp_path, "demo", "--exit", "--json", "--smtp", there, "--port", _port())

    assert done.returncode == 0, done.stderr
    assert done.stdout.lstrip().startswith("{")
    emails = json.loads(done.stdout)["emails"]
    assert [email["state"] for email in emails] == ["sent"] * 6
    sent = {_id(message) for _, message in smtp_server.received}
    assert {email["message_id"] for email in emails} <= sent


def test_one_refused_document_fails_the_demo(tmp_path: Path, smtp_server: ScriptedServer) -> None:
    smtp_server.answers("RCPT <achats@maison-lumiere.example>", "550 5.1.1 No such person")
    there = f"localhost:{smtp_server.port}"

    done = run(tmp_path, "demo", "--exit", "--json", "--smtp", there, "--port", _port())

    states = {line["document_kind"]: line["state"] for line in json.loads(done.stdout)["emails"]}
    assert done.returncode == 1
    assert states.pop("order_confirmation") == "failed"
    assert set(states.values()) == {"sent"}


def test_a_server_that_is_none_is_named_with_the_reason(tmp_path: Path) -> None:
    nobody = f"localhost:{free_port()}"

    done = run(tmp_path, "demo", "--exit", "--json", "--smtp", nobody, "--port", _port())

    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert told["emails"] == []
    assert USER_ADDRESS in told["problem"]


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        done = run(tmp_path, "demo", "--exit", "--port", str(port))

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"outtray: Port {port} on 127.0.0.1 is taken")


def test_a_folder_with_data_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("data")

    done = run(tmp_path / "x", "demo", "--exit", "--data", str(tmp_path), "--port", _port())

    assert done.returncode == 1
    assert "is not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_ctrl_c_in_the_middle_of_sending_loses_nothing(
    tmp_path: Path, smtp_server: ScriptedServer
) -> None:
    data = tmp_path / "demo"
    arguments = ("--data", str(data), "--smtp", f"localhost:{smtp_server.port}", "--port", _port())
    stall = smtp_server.stalls_at("RCPT <achats@maison-lumiere.example>")
    process = subprocess.Popen(
        command(tmp_path, "demo", *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    stall.wait_until_reached()
    process.send_signal(signal.SIGINT)
    stall.release()

    _, said = process.communicate(timeout=60)

    states = _states(data)
    sent = {message_id for message_id, state in states.items() if state == "sent"}
    received = {_id(message) for _, message in smtp_server.received}
    assert process.returncode == 1
    assert "Traceback" not in said
    assert set(states.values()) <= {"sent", "queued"}
    assert set(states) & received == sent


def test_a_second_ctrl_c_ends_it_at_once(tmp_path: Path, smtp_server: ScriptedServer) -> None:
    there = f"localhost:{smtp_server.port}"
    stall = smtp_server.stalls_at("RCPT <achats@maison-lumiere.example>")
    process = subprocess.Popen(
        command(
            tmp_path, "demo", "--data", str(tmp_path / "demo"), "--smtp", there, "--port", _port()
        ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
    )
    stall.wait_until_reached()

    def has_ended() -> bool:
        process.send_signal(signal.SIGINT)
        return process.poll() is not None

    until(has_ended)

    assert process.returncode in {128 + signal.SIGINT, -signal.SIGINT}
    stall.release()


def test_its_mail_server_wants_tls_and_a_login(tmp_path: Path) -> None:
    authority = new_authority(tmp_path, at=now())
    server = MailServer(
        tmp_path / "mails", passwords={"ben": "right"}, context=authority.server_context
    )
    server.start()
    try:
        with smtplib.SMTP("localhost", server.port) as client:
            assert client.mail("ben@nordwind.example")[0] == 530
            client.starttls(context=ssl.create_default_context(cafile=authority.ca_file))
            client.ehlo()
            assert client.mail("ben@nordwind.example")[0] == 530
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("ben", "wrong")
            client.login("ben", "right")
            assert client.mail("ben@nordwind.example")[0] == 250
    finally:
        server.stop()


def _port() -> str:
    return str(free_port())


def _states(data: Path) -> dict[str, str]:
    with closing(sqlite3.connect(data / "outtray.sqlite3")) as database:
        return dict(database.execute("SELECT message_id, state FROM outbox_email"))


def _received(data: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((data / "received").glob("*.eml"))]


def _id(message: bytes) -> str:
    return read(message).header("Message-ID")
