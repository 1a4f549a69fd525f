"""Who gets nothing, and what is said where nobody would."""

from __future__ import annotations

import pytest

from outtray.compose.models import DocumentDefault, RecipientRule
from outtray.compose.rules.recipients import recipients_for
from outtray.lib.errors import Refused
from outtray.people.models import Company, Membership
from tests.compose.conftest import Import
from tests.compose.rules.customer import ALL, of


@pytest.mark.parametrize(
    ("slots", "detail"),
    [
        (None, "Blue Lagoon Ltd has no Billing Email and no Main Email."),
        (
            ["bill_to", "ship_to", "main"],
            "Blue Lagoon Ltd has no Bill To Address Email, no Ship To Address Email and "
            "no Main Email.",
        ),
        (["contact"], "Use Contact Email is off on payment reminder N-1."),
    ],
)
def test_without_any_address_it_says_which_are_missing(
    slots: list[str] | None, detail: str, imported: Import, nordwind: Company
) -> None:
    document = of(imported, "payment_reminder", {})
    if slots:
        RecipientRule.objects.create(company=nordwind, purpose="payment_reminder", slots=slots)

    with pytest.raises(Refused) as refused:
        recipients_for(document)

    assert refused.value.code == "no_recipient"
    assert refused.value.detail == (
        f"{detail} Enter one at the customer or on the payment reminder."
    )


def test_where_no_address_is_known_the_fallback_person_gets_it(
    imported: Import, nordwind: Company, anna: Membership
) -> None:
    DocumentDefault.objects.create(company=nordwind, kind="invoice", fallback=anna)

    [addressee] = recipients_for(of(imported, "invoice", {}))

    assert addressee.is_fallback
    assert str(addressee.address) == "Anna Andresen <anna@nordwind.example>"
    assert addressee.reason == (
        "Anna Andresen, because Blue Lagoon Ltd has no Billing Email, "
        "no Bill To Address Email and no Main Email"
    )


def test_a_fallback_person_who_left_gets_nothing(
    imported: Import, nordwind: Company, ben: Membership
) -> None:
    DocumentDefault.objects.create(company=nordwind, kind="invoice", fallback=ben)
    document = of(imported, "invoice", {})

    ben.delete()

    with pytest.raises(Refused, match="no Main Email"):
        recipients_for(document)


def test_what_a_party_does_not_want_is_sent_by_hand_only(imported: Import) -> None:
    document = of(imported, "invoice", ALL)
    document.party.excluded = ["invoice", "payment_reminder"]

    with pytest.raises(Refused) as refused:
        recipients_for(document)

    assert refused.value.code == "party_excluded"
    assert refused.value.detail == "Blue Lagoon Ltd does not want invoices by email."
    assert len(recipients_for(document, by_hand=True)) == 1


def test_a_wrong_address_is_refused_with_the_name_of_its_slot(imported: Import) -> None:
    document = of(imported, "invoice", {"main": "m@k.example"})
    document.party.billing_email = "buchhaltung"

    with pytest.raises(Refused) as refused:
        recipients_for(document)

    assert refused.value.code == "wrong_address"
    assert "Billing Email of Blue Lagoon Ltd" in refused.value.detail
