"""The facts to decide by, and both answers, on every face; and nothing of it for Clara."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from django.urls import reverse

from outtray.cli.main import main
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email
from outtray.outbox.resolve import look_again
from outtray.outbox.states import State
from outtray.people.models import Membership
from outtray.returns.verdict import SETTLING
from tests.api.conftest import Program
from tests.builders import CUSTOMER, queued, reload
from tests.conftest import Run, TurnedClock
from tests.servers.scripted import ScriptedServer

pytestmark = [pytest.mark.servers, pytest.mark.django_db]


@pytest.fixture
def unknown(
    mailbox: Mailbox,
    clock: TurnedClock,
    run_until_idle: Run,
    look_up: Run,
    smtp_server: ScriptedServer,
) -> Email:
    """An email of Ben's that only a person can settle."""
    email = queued(mailbox, at=clock.now())
    smtp_server.drops_after("CONTENT")
    run_until_idle()
    smtp_server.behaves()
    clock.turn(SETTLING)
    look_up()
    assert reload(email).look_up_at is None
    return reload(email)


def page_of(member: Membership, email: Email) -> str:
    client = Client()
    client.force_login(member.person)
    return client.get(reverse("email", args=[email.pk])).content.decode()


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["resolve", *arguments, "--company", "Nordwind Handels GmbH"])


def test_the_page_shows_what_to_decide_by(unknown: Email, ben: Membership) -> None:
    page = page_of(ben, unknown)

    assert "Did it arrive?" in page
    assert "The whole message was handed over. Then the server closed the connection." in page
    assert "<code>354 End data with &lt;CR&gt;&lt;LF&gt;.&lt;CR&gt;&lt;LF&gt;</code>" in page
    assert "The mailbox shows no Sent folder." in page
    assert f"through localhost:{unknown.mailbox.settings['port']}" in page
    assert unknown.message_id.strip("<>") in page
    assert f"ask {CUSTOMER}" in page


def test_the_page_says_when_it_is_looked_up_next(
    unknown: Email, ben: Membership, clock: TurnedClock
) -> None:
    later = clock.now() + timedelta(minutes=5)
    look_again(unknown.pk, look_up_at=later, why="It is not there yet.", at=clock.now())

    page = page_of(ben, unknown)

    assert "Being looked up" in page
    assert "We look for it in the Sent folder of ben@nordwind.example, next" in page
    assert "It is not there yet." in page
    assert reverse("arrival", args=[unknown.pk]) in page


def test_a_program_reads_the_facts_and_answers(
    unknown: Email, ben: Membership, clock: TurnedClock
) -> None:
    program = Program(ben, clock.now())

    facts = program.ask("GET", f"/emails/{unknown.pk}").json["unknown"]
    settled = program.ask("POST", f"/emails/{unknown.pk}/arrival")

    assert facts["recipients"] == [CUSTOMER]
    assert facts["message_id"] == unknown.message_id
    assert [look["told"] for look in facts["looks"]] == ["The mailbox shows no Sent folder."]
    assert facts["look_up_at"] is None
    assert (settled.status, settled.json["unknown"]) == (200, None)
    assert reload(unknown).state == State.SENT


def test_a_program_has_it_sent_again(unknown: Email, ben: Membership, clock: TurnedClock) -> None:
    again = Program(ben, clock.now()).ask("POST", f"/emails/{unknown.pk}/resend")

    assert again.status == 201
    assert Email.objects.get(pk=again.json["id"]).resend_of == unknown
    assert reload(unknown).state == State.FAILED


@pytest.mark.usefixtures("anna")
def test_the_command_shows_the_facts_and_counts_it_as_sent(unknown: Email) -> None:
    shown = ran(str(unknown.pk))
    facts = json.loads(ran(str(unknown.pk), "--json").stdout)
    settled = ran(str(unknown.pk), "--arrived")
    too_late = ran(str(unknown.pk))

    assert "The whole message was handed over." in shown.stdout
    assert facts["last_words"].startswith("354 ")
    assert settled.exit_code == 0, settled.output
    assert reload(unknown).state == State.SENT
    assert too_late.exit_code == 1
    assert "it is sent" in too_late.stderr


@pytest.mark.usefixtures("anna")
def test_the_command_sends_it_again(
    unknown: Email, run_until_idle: Run, clock: TurnedClock, smtp_server: ScriptedServer
) -> None:
    done = json.loads(ran(str(unknown.pk), "--send-again", "--json").stdout)
    clock.at = Email.objects.get(pk=done["id"]).due_at  # the command's time, which is no test's
    run_until_idle()

    again = Email.objects.get(pk=done["id"])
    assert (again.resend_of, again.state) == (unknown, State.SENT)
    assert len(smtp_server.received) == 2


def test_clara_sees_nothing_and_decides_nothing(
    unknown: Email, clara: Membership, clock: TurnedClock
) -> None:
    client = Client()
    client.force_login(clara.person)
    program = Program(clara, clock.now())

    pages = [client.get(reverse("email", args=[unknown.pk]))]
    pages += [client.post(reverse(name, args=[unknown.pk])) for name in ("arrival", "resend")]
    answers = [program.ask("GET", f"/emails/{unknown.pk}")]
    answers += [
        program.ask("POST", f"/emails/{unknown.pk}/{noun}") for noun in ("arrival", "resend")
    ]
    ordered = CliRunner().invoke(
        main, ["resolve", str(unknown.pk), "--arrived", "--company", "Südhang Weinbau"]
    )

    assert [page.status_code for page in pages] == [404, 404, 404]
    assert [answer.status for answer in answers] == [404, 404, 404]
    assert ordered.exit_code == 1
    assert reload(unknown).state == State.UNKNOWN
