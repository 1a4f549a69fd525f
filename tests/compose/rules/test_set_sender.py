"""Who sends a kind of document is settled by an administrator, among the company's own."""

from __future__ import annotations

from datetime import datetime

import pytest

from outtray.compose.models import DocumentDefault
from outtray.compose.rules.sender import sender_for
from outtray.compose.rules.set_sender import set_sender
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox, Whose
from outtray.people.models import Membership
from tests.compose.conftest import Import


def company_email(membership: Membership, at: datetime) -> Mailbox:
    return Mailbox.objects.create(
        company=membership.company,
        whose=Whose.COMPANY,
        name="Billing",
        address="billing@nordwind.example",
        created_at=at,
        changed_at=at,
    )


def test_what_an_administrator_settles_everybody_sends_from(
    anna: Membership, ben: Membership, imported: Import, at: datetime
) -> None:
    billing = company_email(anna, at)

    set_sender(anna, "invoice", send_from=billing.pk, cc_email="Archive@nordwind.example")

    assert sender_for(imported("invoice"), ben).mailbox == billing
    assert DocumentDefault.objects.get().cc_email == "Archive@nordwind.example"


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ({"kind": "love_letter"}, "unknown_kind"),
        ({"cc_email": "archive\r\nBcc: all@kunde.example"}, "bad_address"),
    ],
)
def test_what_makes_no_sense_is_refused(
    wishes: dict[str, str], code: str, anna: Membership
) -> None:
    with pytest.raises(Refused) as refused:
        set_sender(anna, **{"kind": "invoice", "send_from": None, **wishes})  # type: ignore[arg-type] # wrong on purpose

    assert refused.value.code == code
    assert not DocumentDefault.objects.exists()


def test_neither_a_user_nor_another_company_settles_it(
    anna: Membership, ben: Membership, clara: Membership, at: datetime
) -> None:
    billing = company_email(anna, at)

    for membership in (ben, clara):
        with pytest.raises(Refused):
            set_sender(membership, "invoice", send_from=billing.pk)

    assert not DocumentDefault.objects.exists()
