"""The demo's inbox, which only the demo has."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from outtray.people.models import Membership

MAIL = (
    b"Return-Path: <ben@nordwind.example>\r\n"
    b"X-Envelope-To: olivia@brightwater.example\r\n"
    b"From: Ben <ben@nordwind.example>\r\n"
    b"Subject: Invoice 17\r\n"
    b"MIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/html\r\n\r\n<p>Good morning</p>\r\n"
    b"--b\r\nContent-Type: application/pdf\r\n"
    b'Content-Disposition: attachment; filename="Invoice-17.pdf"\r\n\r\n%PDF-1.7\r\n'
    b"--b--\r\n"
)


@pytest.fixture
def signed_in(ben: Membership) -> Client:
    client = Client()
    client.force_login(ben.person)
    return client


@pytest.fixture
def received(tmp_path: Path, settings: Settings) -> Path:
    settings.DEMO_MAILS = str(tmp_path)
    (tmp_path / "000001.eml").write_bytes(MAIL)
    return tmp_path


def test_received_mails_can_be_read_with_their_files(signed_in: Client, received: Path) -> None:
    listed = signed_in.get("/demo/inbox/").content.decode()
    shown = signed_in.get("/demo/inbox/1/").content.decode()
    letter = signed_in.get("/demo/inbox/1/letter/")
    pdf = signed_in.get("/demo/inbox/1/files/1/")

    assert "Invoice 17" in listed
    assert "olivia@brightwater.example" in shown
    assert "Invoice-17.pdf" in shown
    assert "<p>Good morning</p>" in letter.content.decode()
    assert letter["Content-Security-Policy"].startswith("sandbox;")
    assert pdf.content.startswith(b"%PDF-1.7")
    assert pdf["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("path", ["2/", "2/letter/", "1/files/0/", "1/files/2/"])
def test_what_was_not_received_is_not_there(signed_in: Client, received: Path, path: str) -> None:
    assert signed_in.get(f"/demo/inbox/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "1/", "1/letter/", "1/files/1/"])
def test_there_is_no_inbox_outside_the_demo(signed_in: Client, path: str) -> None:
    assert signed_in.get(f"/demo/inbox/{path}").status_code == 404


def test_strangers_are_asked_to_sign_in(received: Path, db: None) -> None:
    assert Client().get("/demo/inbox/").status_code == 302
