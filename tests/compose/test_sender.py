"""Whose mailbox a document is sent from."""

from __future__ import annotations

from datetime import datetime

import pytest

from outtray.compose.models import DocumentDefault
from outtray.compose.sender import mailbox_for
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox, Whose
from outtray.people.models import Company, Membership
from tests.builders import user_email


def company_email(company: Company, at: datetime) -> Mailbox:
    return Mailbox.objects.create(
        company=company,
        whose=Whose.COMPANY,
        name="Billing",
        address="billing@nordwind.example",
        created_at=at,
        changed_at=at,
    )


def test_a_document_is_sent_from_the_persons_own_mailbox(ben: Membership, mailbox: Mailbox) -> None:
    assert mailbox_for("invoice", ben) == mailbox


def test_the_send_from_email_of_the_kind_wins(
    ben: Membership, mailbox: Mailbox, at: datetime
) -> None:
    billing = company_email(ben.company, at)
    DocumentDefault.objects.create(company=ben.company, kind="invoice", send_from=billing)

    assert mailbox_for("invoice", ben) == billing
    assert mailbox_for("sales_order", ben) == mailbox


def test_nobody_sends_from_somebody_elses_mailbox(
    ben: Membership, anna: Membership, mailbox: Mailbox
) -> None:
    DocumentDefault.objects.create(company=ben.company, kind="invoice", send_from=mailbox)

    with pytest.raises(Refused, match="somebody else") as refused:
        mailbox_for("invoice", anna)

    assert refused.value.code == "no_sender"


def test_without_a_mailbox_it_says_what_to_set_up(anna: Membership, mailbox: Mailbox) -> None:
    with pytest.raises(Refused, match="User Email Setup") as refused:
        mailbox_for("invoice", anna)

    assert refused.value.code == "no_sender"


def test_defaults_of_another_company_say_nothing(
    clara: Membership, ben: Membership, at: datetime
) -> None:
    billing = company_email(ben.company, at)
    DocumentDefault.objects.create(company=ben.company, kind="invoice", send_from=billing)
    own = user_email(clara, at=at)

    assert mailbox_for("invoice", clara) == own
