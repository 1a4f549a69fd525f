"""Rests: never a refused password again; everything else when it is useful and polite."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outtray.delivery.pauses import Kind, is_over_when_open, kind_of, pause_for
from outtray.delivery.schedule import JITTER
from outtray.mail.reply import Reply
from outtray.transports.base import Failure, Scope, Source, Stage, Trouble
from outtray.transports.smtp.failures import failure_from, own_failure

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def said(stage: Stage, text: str) -> Failure:
    code, _, words = text.partition(" ")
    return failure_from(Reply(int(code), words), stage=stage)


def rest(failure: Failure, pauses: int = 0) -> timedelta | None:
    until = pause_for(failure, pauses=pauses, at=AT, chance=0.0).until
    return until - AT if until else None


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        (Stage.LOGIN, "535 5.7.8 Username and Password not accepted"),
        (Stage.LOGIN, "534 5.7.9 Application-specific password required"),
        (Stage.LOGIN, "550 5.7.1 SMTP AUTH is disabled for the mailbox"),
        (Stage.LOGIN, "504 5.5.4 Unrecognized authentication type"),
        (Stage.SENDER, "535 5.7.3 Authentication unsuccessful"),
    ],
)
def test_a_refused_password_waits_for_a_person_however_often_it_is_asked(
    stage: Stage, text: str
) -> None:
    for pauses in range(5):
        assert rest(said(stage, text), pauses) is None


@pytest.mark.parametrize("source", [Source.SERVER, Source.LOCAL])
def test_a_sign_in_that_has_ended_waits_for_a_new_one(source: Source) -> None:
    text = "AADSTS700082: The refresh token has expired due to inactivity."
    ended = Failure(Stage.TOKEN, Scope.MAILBOX, is_temporary=False, source=source, text=text)

    assert [rest(ended, pauses) for pauses in range(3)] == [None] * 3


def test_a_sign_in_server_that_is_down_is_asked_again_soon() -> None:
    down = own_failure(Trouble.TIMED_OUT, "no answer", stage=Stage.TOKEN)

    assert rest(down) is not None
    assert kind_of(down) == Kind.SERVER
    assert is_over_when_open(down)


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble.NAME_NOT_FOUND,
        Trouble.CERTIFICATE_EXPIRED,
        Trouble.CERTIFICATE_UNTRUSTED,
        Trouble.TLS_TOO_OLD,
        Trouble.STARTTLS_NOT_OFFERED,
    ],
)
def test_what_fails_before_the_login_is_probed_every_hour(trouble: Trouble) -> None:
    stage = Stage.DNS if trouble == Trouble.NAME_NOT_FOUND else Stage.TLS
    failure = own_failure(trouble, "no", stage=stage)

    assert kind_of(failure) == Kind.CONFIGURATION
    assert [rest(failure, pauses) for pauses in range(4)] == [HOUR] * 4
    assert is_over_when_open(failure)


def test_a_server_that_offers_no_login_is_told_no_password_and_probed_every_hour() -> None:
    failure = own_failure(Trouble.LOGIN_NOT_OFFERED, "no login here", stage=Stage.LOGIN)

    assert rest(failure) == HOUR


def test_settings_that_cannot_be_read_wait_for_whoever_changes_them() -> None:
    failure = own_failure(Trouble.SETTINGS, "no port", stage=Stage.SETTINGS, source=Source.LOCAL)

    assert rest(failure) is None


@pytest.mark.parametrize(
    "text",
    [
        "553 5.7.1 Sender address rejected: not owned by user",
        "550 5.7.60 Client does not have permissions to send as this sender",
        "554 5.7.1 Relay access denied",
        "550 5.7.1 Unfortunately, messages from [203.0.113.9] weren't sent: on our block list",
    ],
)
def test_a_refused_sender_is_probed_seldom_and_ever_more_seldom(text: str) -> None:
    failure = said(Stage.SENDER, text)

    rests = [rest(failure, pauses) for pauses in range(4)]
    assert rests == [2 * HOUR, 6 * HOUR, 12 * HOUR, 12 * HOUR]
    assert not is_over_when_open(failure)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("550 5.4.5 Daily user sending limit exceeded", 24 * HOUR),
        ("554 5.7.1 Sending limit of 500 messages in 24 hours is reached", 24 * HOUR),
        ("550 5.7.1 Sender has exceeded its hourly sending limit", HOUR),
        ("550 5.7.1 Sending limit: too many messages this hour (2000 a day)", HOUR),
        ("550 5.7.1 Stündliches sending limit erreicht", HOUR),
        ("550 5.7.1 Sending limit exceeded", HOUR),
    ],
)
def test_a_quota_rests_until_its_window_is_over(text: str, window: timedelta) -> None:
    failure = said(Stage.SENDER, text)

    assert kind_of(failure) == Kind.QUOTA
    assert rest(failure) == window


def test_a_quota_whose_server_says_when_rests_until_then() -> None:
    failure = Failure(
        Stage.SENDER,
        Scope.MAILBOX,
        is_temporary=True,
        source=Source.SERVER,
        text="4.7.0 Daily limit",
        code=450,
        wait=600.0,
    )

    assert rest(failure, pauses=3) == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        (Stage.LOGIN, "454 4.7.0 Temporary authentication failure"),
        (Stage.LOGIN, "421 4.7.0 Too many login attempts, please try again later"),
        (Stage.GREETING, "421 4.7.0 Too many failed logins from your network"),
    ],
)
def test_too_many_logins_are_answered_with_few(stage: Stage, text: str) -> None:
    rests = [rest(said(stage, text), pauses) for pauses in range(4)]

    assert rests == [15 * MINUTE, HOUR, 4 * HOUR, 4 * HOUR]


@pytest.mark.parametrize("trouble", [Trouble.CONNECTION_CLOSED, Trouble.REPLY_TOO_LONG])
def test_a_line_that_breaks_while_the_password_is_judged_counts_as_a_login(
    trouble: Trouble,
) -> None:
    failure = own_failure(trouble, "no answer to be read", stage=Stage.LOGIN)

    assert rest(failure) == 15 * MINUTE


def test_a_server_that_is_down_is_probed_after_1_5_15_and_60_minutes() -> None:
    failure = own_failure(Trouble.CONNECTION_REFUSED, "refused", stage=Stage.CONNECT)

    middle = [pause_for(failure, pauses=n, at=AT, chance=0.5).until for n in range(6)]
    assert middle == [AT + n * MINUTE for n in (1, 5, 15, 60, 60, 60)]


STAGES = st.sampled_from([stage for stage in Stage if stage != Stage.SETTINGS])


@given(
    failure=st.builds(
        Failure,
        stage=STAGES,
        scope=st.sampled_from(Scope),
        is_temporary=st.booleans(),
        source=st.sampled_from(Source),
        text=st.text(max_size=40),
        code=st.sampled_from([0, 421, 450, 451, 454, 530, 535, 550, 553]),
        enhanced_code=st.sampled_from(["", "4.7.0", "5.4.5", "5.7.1"]),
        wait=st.floats(0, 86_400),
    ),
    pauses=st.integers(0, 100),
    chance=st.floats(0, 1),
)
def test_every_rest_ends_within_a_day_and_a_bit_or_waits_for_a_person(
    failure: Failure, pauses: int, chance: float
) -> None:
    pause = pause_for(failure, pauses=pauses, at=AT, chance=chance)

    if pause.until is None:
        assert pause.kind == Kind.PASSWORD
        assert not failure.is_temporary
    else:
        assert timedelta(0) < pause.until - AT <= timedelta(days=1) * (1 + JITTER)
        said_at_least = timedelta(seconds=failure.wait)
        assert pause.until - AT >= said_at_least
