"""What is advised: for every cause, by every provider, in each language."""

from __future__ import annotations

import re

import pytest

from outtray.diagnosis.advice import advice_for
from outtray.diagnosis.causes import Cause
from outtray.diagnosis.explain import explain
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.providers.every import PROVIDERS
from outtray.diagnosis.signs.table import every_sign
from outtray.transports.base import Failure, Scope, Source, Stage

GMAIL = {"host": "smtp.gmail.com", "port": 587, "security": "starttls"}


def test_every_cause_that_can_be_found_has_its_advice() -> None:
    reachable = {sign.cause for sign in every_sign()}

    for cause in reachable | {Cause.INTERRUPTED, Cause.SECRET_UNREADABLE}:
        advice = advice_for(cause, "en")
        assert advice.headline, cause
        assert advice.steps, cause
        assert advice.who, cause


def test_a_language_that_is_not_there_is_answered_in_english() -> None:
    assert advice_for(Cause.WRONG_HOST, "xx") == advice_for(Cause.WRONG_HOST, "en")


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_is_advised_on_in_english_and_in_german(cause: Cause) -> None:
    english, german = advice_for(cause, "en"), advice_for(cause, "de")

    assert german.headline != english.headline
    assert german.actor == english.actor
    assert german.familiar == english.familiar
    for advice in (english, german):
        assert any("{" not in step for step in advice.steps)
        assert set(re.findall(r"{(\w+)}", advice.headline)) <= set(_WORDS)
        assert not re.search(r"port {port}\b", advice.headline) or advice.unnamed


_WORDS = ("address", "username", "host", "port", "provider")


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_the_steps_of_a_provider_are_there_in_both_languages(provider: Provider) -> None:
    for cause, steps in provider.steps.items():
        assert steps.keys() == {"en", "de"}, cause
        assert len(steps["en"]) == len(steps["de"])
        assert _links(steps["en"]) == _links(steps["de"])


def _links(steps: tuple[str, ...]) -> list[str]:
    return re.findall(r"https://[\w./#-]+\w", " ".join(steps))


def test_a_mailbox_whose_page_is_german_is_helped_in_german() -> None:
    failure = Failure(
        Stage.LOGIN, Scope.MAILBOX, is_temporary=False, source=Source.SERVER,
        text="5.7.8 Username and Password not accepted", code=535, enhanced_code="5.7.8",
    )  # fmt: skip

    told = explain(
        failure, transport="smtp", settings=GMAIL, address="ben@gmail.com", language="de"
    )

    assert told.headline.startswith("Gmail verlangt hier ein App-Passwort")
    assert "myaccount.google.com/signinoptions/two-step-verification" in told.steps[0]
    assert "myaccount.google.com/apppasswords" in told.steps[1]
    assert told.who.startswith("Sie, ")
