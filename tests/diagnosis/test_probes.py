from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest

from outtray.diagnosis.models import Probe
from outtray.diagnosis.probes import (
    LONGEST,
    MOST,
    ProbeWork,
    fail_interrupted,
    ready_if_probed,
    run_probe,
    start_probe,
)
from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.health import pause
from outtray.mailboxes.models import Credential, Health, Mailbox
from outtray.mailboxes.save import save_company_email, save_user_email
from outtray.people.models import Membership
from tests import builders
from tests.conftest import TurnedClock
from tests.servers.scripted import ScriptedServer


def draft_on(server: ScriptedServer) -> MailboxDraft:
    return MailboxDraft(
        whose="user",
        address="ben@nordwind.example",
        display_name="Ben Behrens",
        settings=server.settings(),
        secret=Secret("correct horse"),
    )


def explanation(probe: Probe) -> dict[str, object]:
    assert probe.explanation is not None
    return dict(probe.explanation)


def stages(probe: Probe) -> list[str]:
    return [finding["stage"] for finding in probe.findings]


def test_a_mailbox_that_works_passes_every_stage_and_is_ready(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    mailbox = save_user_email(ben, draft_on(smtp_server), at=clock.now())

    probe = run_probe(start_probe(ben, mailbox, at=clock.now()).pk, clock=clock)

    assert probe.state == Probe.State.PASSED
    assert stages(probe)[0] == "settings"
    assert stages(probe)[-1] == "answer"
    assert probe.explanation is None
    assert Mailbox.objects.get().health == Health.READY


def test_the_test_mail_goes_to_oneself_in_ones_own_language(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    ben.company.language = "de"
    ben.company.save()

    run_probe(start_probe(ben, draft_on(smtp_server), at=clock.now()).pk, clock=clock)

    [received] = smtp_server.received
    message = message_from_bytes(received.content, policy=policy.default)
    body = message.get_body(("plain",))
    assert [str(address) for address in received.envelope.recipients] == ["ben@nordwind.example"]
    assert message["Subject"] == "Outtray test mail"
    assert body is not None
    assert "Guten Tag Ben Behrens" in body.get_content()


def test_a_failure_is_explained_in_the_language_of_the_pages(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    ben.company.language = "de"
    ben.company.save()
    smtp_server.answers("AUTH", "535 5.7.8 Authentication failed")

    probe = start_probe(ben, draft_on(smtp_server), at=clock.now())
    run_probe(probe.pk, clock=clock)

    probe.refresh_from_db()
    assert "does not accept this user name and password" in str(probe.explanation)


def test_a_failed_stage_ends_the_probe_with_its_explanation(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    smtp_server.answers("AUTH", "535 5.7.8 Authentication failed")

    probe = run_probe(start_probe(ben, draft_on(smtp_server), at=clock.now()).pk, clock=clock)

    assert probe.state == Probe.State.FAILED
    assert stages(probe)[-1] == "login"
    assert explanation(probe)["cause"] == "wrong_password"
    assert str(explanation(probe)["words"]).startswith("535")
    assert explanation(probe)["steps"]


def test_the_secret_is_wiped_when_the_probe_ends_and_shown_nowhere(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    started = start_probe(ben, draft_on(smtp_server), at=clock.now())
    assert b"correct horse" not in bytes(started.sealed_secret or b"")

    ended = run_probe(started.pk, clock=clock)

    assert ended.sealed_secret is None
    assert "correct horse" not in repr(Probe.objects.filter(pk=ended.pk).values().get())


def test_settings_that_passed_a_moment_ago_are_ready_when_saved(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    run_probe(start_probe(ben, draft_on(smtp_server), at=clock.now()).pk, clock=clock)

    saved = save_user_email(ben, draft_on(smtp_server), at=clock.now())

    assert ready_if_probed(saved, at=clock.now())
    assert Mailbox.objects.get().health == Health.READY


def test_other_settings_than_those_that_passed_are_not_ready(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    run_probe(start_probe(ben, draft_on(smtp_server), at=clock.now()).pk, clock=clock)
    changed = replace(draft_on(smtp_server), secret=Secret("another one"))

    saved = save_user_email(ben, changed, at=clock.now())

    assert not ready_if_probed(saved, at=clock.now())
    assert Mailbox.objects.get().health == Health.UNVALIDATED


def test_a_probe_of_long_ago_makes_nothing_ready(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    run_probe(start_probe(ben, draft_on(smtp_server), at=clock.now()).pk, clock=clock)
    saved = save_user_email(ben, draft_on(smtp_server), at=clock.now())

    assert not ready_if_probed(saved, at=clock.turn(timedelta(hours=2)))


def test_a_probe_of_before_the_refusal_does_not_open_the_mailbox_again(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    run_probe(start_probe(ben, draft_on(smtp_server), at=clock.now()).pk, clock=clock)
    saved = save_user_email(ben, draft_on(smtp_server), at=clock.now())
    ready_if_probed(saved, at=clock.now())
    pause(saved.pk, cause="password", failure={}, until=None, at=clock.turn(timedelta(minutes=1)))

    save_user_email(ben, replace(draft_on(smtp_server), secret=Secret("other")), at=clock.now())
    saved = save_user_email(ben, draft_on(smtp_server), at=clock.now())

    assert not ready_if_probed(saved, at=clock.now())
    assert Mailbox.objects.get().health == Health.UNVALIDATED


def test_a_ready_mailbox_whose_password_is_refused_must_be_validated_again(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    mailbox = save_user_email(ben, draft_on(smtp_server), at=clock.now())
    run_probe(start_probe(ben, mailbox, at=clock.now()).pk, clock=clock)
    smtp_server.answers("AUTH", "535 5.7.8 Authentication failed")

    run_probe(start_probe(ben, mailbox, at=clock.now()).pk, clock=clock)

    assert Mailbox.objects.get().health == Health.UNVALIDATED


def test_a_passing_fault_takes_nothing_from_a_ready_mailbox(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    mailbox = save_user_email(ben, draft_on(smtp_server), at=clock.now())
    run_probe(start_probe(ben, mailbox, at=clock.now()).pk, clock=clock)
    smtp_server.answers("MAIL", "451 4.3.0 Try again later")

    failed = run_probe(start_probe(ben, mailbox, at=clock.now()).pk, clock=clock)

    assert failed.state == Probe.State.FAILED
    assert Mailbox.objects.get().health == Health.READY


def test_a_draft_without_password_is_probed_with_the_stored_one(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    save_user_email(ben, draft_on(smtp_server), at=clock.now())
    without = replace(draft_on(smtp_server), secret=None)

    probe = run_probe(start_probe(ben, without, at=clock.now()).pk, clock=clock)

    assert probe.state == Probe.State.PASSED
    assert smtp_server.logins == [("ben@nordwind.example", "correct horse")]


def test_a_stored_password_is_not_probed_at_another_server(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    save_user_email(ben, draft_on(smtp_server), at=clock.now())
    settings = {**smtp_server.settings(), "host": "127.0.0.1"}
    elsewhere = replace(draft_on(smtp_server), secret=None, settings=settings)

    with pytest.raises(Refused) as refused:
        start_probe(ben, elsewhere, at=clock.now())

    assert refused.value.code == "password_needed_again"


@pytest.mark.django_db(transaction=True)
def test_however_many_run_it_a_probe_runs_once(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    probe = start_probe(ben, draft_on(smtp_server), at=clock.now())

    first = run_probe(probe.pk, clock=clock)
    second = run_probe(probe.pk, clock=clock)

    assert first.state == second.state == Probe.State.PASSED
    assert len(smtp_server.received) == 1


def test_a_probe_whose_runner_died_fails_honestly(ben: Membership, clock: TurnedClock) -> None:
    mailbox = builders.user_email(ben, at=clock.now())
    probe = start_probe(ben, mailbox, at=clock.now())
    Probe.objects.filter(pk=probe.pk).update(state="running", started_at=clock.now())

    assert not fail_interrupted(probe.pk, at=clock.now())
    assert list(ProbeWork(clock).due(clock.now())) == []
    clock.turn(LONGEST)
    for key in ProbeWork(clock).due(clock.now()):
        ProbeWork(clock).do(key, threading.Event())

    probe.refresh_from_db()
    assert probe.state == Probe.State.FAILED
    assert explanation(probe)["cause"] == "interrupted"
    assert probe.sealed_secret is None


def test_the_engine_finds_and_runs_a_waiting_probe(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    probe = start_probe(ben, draft_on(smtp_server), at=clock.now())

    for key in ProbeWork(clock).due(clock.now()):
        ProbeWork(clock).do(key, threading.Event())

    probe.refresh_from_db()
    assert probe.state == Probe.State.PASSED


def test_a_password_that_cannot_be_opened_any_more_is_explained(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    probe = start_probe(ben, draft_on(smtp_server), at=clock.now())
    Probe.objects.filter(pk=probe.pk).update(sealed_secret=b"OT1 of another ring")

    ended = run_probe(probe.pk, clock=clock)

    assert explanation(ended)["cause"] == "secret_unreadable"
    assert ended.findings == []


def test_too_many_probes_in_a_short_time_are_refused(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    for _ in range(MOST):
        start_probe(ben, draft_on(smtp_server), at=clock.now())

    with pytest.raises(Refused) as refused:
        start_probe(ben, draft_on(smtp_server), at=clock.now())

    assert refused.value.code == "too_many_probes"
    assert start_probe(ben, draft_on(smtp_server), at=clock.turn(timedelta(hours=1)))


def test_clara_probes_no_mailbox_of_nordwind(
    anna: Membership,
    ben: Membership,
    clara: Membership,
    smtp_server: ScriptedServer,
    clock: TurnedClock,
) -> None:
    company_draft = replace(draft_on(smtp_server), whose="company", name="Billing")
    billing = save_company_email(anna, company_draft, at=clock.now())

    for stranger in (ben, clara):
        with pytest.raises(Refused) as refused:
            start_probe(stranger, billing, at=clock.now())
        assert refused.value.code == "no_such_mailbox"
    assert not Probe.objects.visible_to(clara).exists()


def test_only_an_administrator_probes_a_draft_of_a_company_email(
    ben: Membership, smtp_server: ScriptedServer, at: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        start_probe(ben, replace(draft_on(smtp_server), whose="company"), at=at)

    assert refused.value.code == "not_allowed"
    assert not Credential.objects.exists()
