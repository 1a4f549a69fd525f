from __future__ import annotations

import json
from datetime import datetime

import pytest

from outtray.outbox.models import Email
from outtray.outbox.states import RecipientState, State
from outtray.people.models import Membership
from tests import builders
from tests.cli.conftest import Run

GOOD, WRONG = "chef@kunde.example", "einkuaf@kunde.example"


@pytest.fixture
def partly(anna: Membership, ben: Membership, at: datetime) -> Email:
    """One of two recipients has got it."""
    email = builders.queued(builders.user_email(ben, at=at), at=at, to=(WRONG, GOOD))
    Email.objects.filter(pk=email.pk).update(state=State.SENT)
    email.recipients.filter(address=GOOD).update(state=RecipientState.ACCEPTED)
    return email


def test_whoever_has_not_got_it_gets_it_at_the_corrected_address(run: Run, partly: Email) -> None:
    told = run("correct", str(partly.pk), "--to", "einkauf@kunde.example", "--json")

    assert told.exit_code == 0, told.output
    new = Email.objects.get(resend_of=partly)
    assert json.loads(told.stdout) == {"id": str(new.pk), "to": ["einkauf@kunde.example"]}
    assert new.recipients.get().reason.startswith("Corrected by Anna Andresen")


def test_an_address_that_has_got_it_is_asked_for_again(run: Run, partly: Email) -> None:
    corrected = ("correct", str(partly.pk), "--instead-of", WRONG, "--to", GOOD)

    refused = run(*corrected)
    told = run(*corrected, "--again")

    assert (refused.exit_code, "has got this email" in refused.stderr) == (1, True)
    assert (told.exit_code, f"It goes to {GOOD}" in told.stdout) == (0, True)


def test_with_several_to_correct_each_must_be_named(run: Run, partly: Email) -> None:
    partly.recipients.update(state=RecipientState.FAILED)

    refused = run("correct", str(partly.pk), "--to", "einkauf@kunde.example")

    assert refused.exit_code == 1
    assert f"--instead-of which address each replaces: {WRONG}, {GOOD}" in refused.stderr
    assert not Email.objects.filter(resend_of=partly).exists()
