"""Whose mailbox a document is sent from, and why."""

from __future__ import annotations

from datetime import datetime

import pytest

from outtray.compose.models import DocumentDefault, PartyDefault, SendingRules
from outtray.compose.rules.sender import sender_for
from outtray.documents.models import Document
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.save import delete_company_email
from outtray.people.models import Membership
from tests.builders import company_email, user_email
from tests.compose.conftest import Import
from tests.compose.rules.test_recipients import Wishes

CUSTOMER = {"number": "10099", "name": "Blue Lagoon Ltd", "emails": {"main": "m@k.example"}}


@pytest.fixture
def invoice(imported: Import) -> Document:
    return imported("invoice", number="N-1", party=CUSTOMER)


# What is settled, in the order in which it counts; each case has all that come after it too.
CASES = [
    (
        "party for the kind",
        "party-kind@nordwind.example",
        "Send From Email of Blue Lagoon Ltd, which goes before all others",
    ),
    (
        "party",
        "party@nordwind.example",
        "Send From Email of Blue Lagoon Ltd, which goes before all others",
    ),
    (
        "template",
        "template@nordwind.example",
        "Send From Email of the template “Friendly invoice”, which goes before that of invoices",
    ),
    (
        "kind",
        "kind@nordwind.example",
        "Send From Email of invoices, which goes before the User Email of Ben Behrens",
    ),
    (
        "own",
        "ben@nordwind.example",
        "User Email of Ben Behrens, because invoices have no Send From Email",
    ),
    (
        "company",
        "company@nordwind.example",
        "Default Company Email, because Ben Behrens has no User Email and "
        "Nordwind Handels GmbH allows it",
    ),
]


@pytest.mark.parametrize(("settled", "address", "reason"), CASES)
def test_the_strongest_settlement_sends_and_says_so(
    settled: str, address: str, reason: str, invoice: Document, ben: Membership, at: datetime
) -> None:
    left = [case for case, _, _ in CASES][[case for case, _, _ in CASES].index(settled) :]
    mine = {name: company_email(ben.company, at=at, name=name, is_default=False) for name in
            ("party-kind", "party", "template", "kind")}  # fmt: skip
    company_email(ben.company, at=at, name="company", is_default=True)
    SendingRules.objects.create(company=ben.company, may_use_company_email=True)
    if "party for the kind" in left:
        PartyDefault.objects.create(
            party=invoice.party, kind="invoice", send_from=mine["party-kind"]
        )
    if "party" in left:
        PartyDefault.objects.create(party=invoice.party, kind="", send_from=mine["party"])
    if "kind" in left:
        DocumentDefault.objects.create(company=ben.company, kind="invoice", send_from=mine["kind"])
    if "own" in left:
        user_email(ben, at=at)
    template = Wishes(send_from_id=mine["template"].pk if "template" in left else None)

    sender = sender_for(invoice, ben, template=template)

    assert (sender.mailbox.address, sender.reason) == (address, reason)


def test_the_send_from_email_of_a_kind_is_for_that_kind(
    imported: Import, ben: Membership, mailbox: Mailbox, at: datetime
) -> None:
    billing = company_email(ben.company, at=at)
    DocumentDefault.objects.create(company=ben.company, kind="invoice", send_from=billing)

    assert sender_for(imported("sales_order"), ben).mailbox == mailbox


def test_the_company_email_steps_in_only_where_the_company_allows_it(
    invoice: Document, ben: Membership, at: datetime
) -> None:
    company_email(ben.company, at=at)

    with pytest.raises(Refused, match="User Email Setup") as refused:
        sender_for(invoice, ben)

    assert refused.value.code == "no_sender"


def test_without_a_default_company_email_none_steps_in(
    invoice: Document, ben: Membership, at: datetime
) -> None:
    company_email(ben.company, at=at, is_default=False)
    SendingRules.objects.create(company=ben.company, may_use_company_email=True)

    with pytest.raises(Refused, match="no default Company Email either"):
        sender_for(invoice, ben)


def test_nobody_sends_from_somebody_elses_mailbox(
    invoice: Document, anna: Membership, mailbox: Mailbox
) -> None:
    DocumentDefault.objects.create(company=anna.company, kind="invoice", send_from=mailbox)

    with pytest.raises(Refused) as refused:
        sender_for(invoice, anna)

    assert refused.value.detail == (
        "The Send From Email of invoices is a User Email of somebody else. "
        "An administrator can choose a Company Email instead."
    )


def test_a_send_from_email_is_not_deleted_so_that_nothing_else_steps_in(
    anna: Membership, at: datetime
) -> None:
    billing = company_email(anna.company, at=at)
    DocumentDefault.objects.create(company=anna.company, kind="invoice", send_from=billing)

    with pytest.raises(Refused) as refused:
        delete_company_email(anna, billing, at=at)

    assert refused.value.code == "mailbox_in_use"


def test_what_another_company_has_settled_says_nothing(
    invoice: Document, clara: Membership, ben: Membership, mailbox: Mailbox, at: datetime
) -> None:
    theirs = company_email(clara.company, at=at)
    DocumentDefault.objects.create(company=clara.company, kind="invoice", send_from=theirs)
    SendingRules.objects.create(company=clara.company, may_use_company_email=True)

    assert sender_for(invoice, ben).mailbox == mailbox
