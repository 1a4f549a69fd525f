"""What a company settles: by administrators, for itself alone, read once for many documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outtray.compose.models import DocumentDefault, PartyDefault, RecipientRule, SendingRules
from outtray.compose.rules.company_rules import Rules
from outtray.compose.rules.recipients import recipients_for
from outtray.compose.rules.sender import sender_for
from outtray.compose.rules.set_override import Override, set_override
from outtray.compose.rules.set_recipients import set_recipients, usual_order
from outtray.compose.rules.set_sender import allow_company_email, set_sender
from outtray.compose.templates.choice import template_for
from outtray.compose.templates.models import Template
from outtray.documents.layouts import Layout
from outtray.documents.models import Document, Party
from outtray.documents.party_history import Code
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company, Membership
from tests.builders import company_email
from tests.compose.conftest import Import


@pytest.fixture
def party(imported: Import) -> Party:
    return imported("invoice").party


def template_of(company: Company, at: datetime, **facts: Any) -> Template:
    given = {"level": "application", "purpose": "invoice", "name": "Friendly", **facts}
    return Template.objects.create(company=company, created_at=at, **given)


def test_however_many_documents_there_are_the_questions_are_the_same(
    imported: Import, ben: Membership, mailbox: Mailbox, anna: Membership, at: datetime
) -> None:
    def questions(count: int) -> int:
        documents = Document.objects.select_related("party").prefetch_related("party__contacts")
        with CaptureQueriesContext(connection) as asked:
            rules = Rules.of(ben.company)
            for document in documents.order_by("pk")[:count]:
                template = template_for(document, membership=ben, rules=rules)
                sender_for(document, ben, rules=rules, template=template)
                recipients_for(document, rules=rules, template=template)
        return len(asked)

    set_sender(anna, "invoice", send_from=company_email(ben.company, at=at).pk)
    template_of(ben.company, at, is_default=True)
    for number in range(6):
        party = {"number": f"{number}", "name": "Kunde", "emails": {"main": "m@k.example"}}
        imported("invoice", number=f"RE-{number}", party=party)

    assert questions(6) == questions(1)


def test_an_order_of_slots_is_settled_and_taken_back(anna: Membership, imported: Import) -> None:
    emails = {"main": "m@k.example", "billing": "b@k.example"}
    document = imported("invoice", party={"number": "1", "name": "K", "emails": emails})

    set_recipients(anna, "invoice", slots=["main", "billing"], fallback=None)
    settled = recipients_for(document)
    set_recipients(anna, "invoice", slots=usual_order("invoice"), fallback=None)

    assert str(settled[0].address.address) == "m@k.example"
    assert str(recipients_for(document)[0].address.address) == "b@k.example"
    assert not RecipientRule.objects.exists()


def test_settling_recipients_leaves_the_sender_of_the_kind(
    anna: Membership, ben: Membership, at: datetime
) -> None:
    billing = company_email(anna.company, at=at)
    set_sender(anna, "invoice", send_from=billing.pk, cc_email="a@nordwind.example")

    set_recipients(anna, "invoice", slots=[], fallback=ben.pk)

    default = DocumentDefault.objects.get()
    assert (default.send_from, default.cc_email) == (billing, "a@nordwind.example")
    assert default.fallback == ben


def test_a_partys_rules_are_kept_for_a_kind_and_noted_in_its_history(
    anna: Membership, party: Party, at: datetime
) -> None:
    billing, template = company_email(anna.company, at=at), template_of(anna.company, at)

    wanted = Override(billing.pk, "Tax@advisor.example", template.pk)
    set_override(anna, party, "invoice", wanted, at=at)

    override = PartyDefault.objects.get()
    assert (override.send_from, override.template) == (billing, template)
    event = party.events.last()
    assert event is not None
    assert (event.code, event.by) == (Code.SETTLED, anna.person)
    assert event.detail["changes"] == {
        "Send From Email for invoices": ["", "billing@nordwind.example"],
        "CC Email for invoices": ["", "Tax@advisor.example"],
        "Email Template for invoices": ["", "Friendly"],
    }


def test_rules_without_anything_in_them_are_no_rules(
    anna: Membership, party: Party, at: datetime
) -> None:
    set_override(anna, party, "", Override(cc_email="tax@advisor.example"), at=at)

    set_override(anna, party, "", Override(), at=at)

    assert not PartyDefault.objects.exists()
    assert party.events.filter(code=Code.SETTLED).count() == 2


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ({"kind": "purchase_order"}, "unknown_kind"),
        ({"kind": "love_letter"}, "unknown_kind"),
        ({"cc_email": "a@b.example\r\nBcc: c@d.example"}, "bad_address"),
        ({"send_from": "theirs"}, "no_such_mailbox"),
        ({"send_from": "own"}, "no_such_mailbox"),
        ({"template": "theirs"}, "no_such_template"),
        ({"template": "for orders"}, "no_such_template"),
        ({"template": "fitting", "kind": ""}, "no_such_template"),
        ({"layout": "theirs"}, "no_such_layout"),
    ],
)
def test_what_does_not_fit_a_party_is_refused(
    wishes: dict[str, str], code: str, anna: Membership, party: Party, mailbox: Mailbox,
    suedhang: Company, at: datetime,
) -> None:  # fmt: skip
    known: dict[str, Any] = {
        "theirs": company_email(suedhang, at=at),
        "own": mailbox,
        "fitting": template_of(anna.company, at),
        "for orders": template_of(anna.company, at, purpose="sales_order"),
    }
    if wishes.get("template") == "theirs":
        known["theirs"] = template_of(suedhang, at)
    if wishes.get("layout") == "theirs":
        known["theirs"] = Layout.objects.create(
            company=suedhang, name="Theirs", created_at=at, changed_at=at
        )
    named: dict[str, Any] = {
        name: known[value].pk if value in known else value for name, value in wishes.items()
    }
    kind = named.pop("kind", "invoice")

    with pytest.raises(Refused) as refused:
        set_override(anna, party, kind, Override(**named), at=at)

    assert refused.value.code == code
    assert not PartyDefault.objects.exists()


@pytest.mark.parametrize("slots", [["main", "main"], ["cc"], ["fax"]])
def test_an_order_of_other_things_than_slots_is_refused(slots: list[str], anna: Membership) -> None:
    with pytest.raises(Refused) as refused:
        set_recipients(anna, "invoice", slots=slots, fallback=None)

    assert refused.value.code == "unknown_slot"


def test_a_fallback_person_is_one_of_the_company(anna: Membership, clara: Membership) -> None:
    with pytest.raises(Refused) as refused:
        set_recipients(anna, "invoice", slots=[], fallback=clara.pk)

    assert refused.value.code == "no_such_person"


def test_only_an_administrator_settles_rules(ben: Membership, party: Party, at: datetime) -> None:
    with pytest.raises(Refused, match="Only an administrator"):
        set_recipients(ben, "invoice", slots=["main"], fallback=None)
    with pytest.raises(Refused, match="Only an administrator"):
        allow_company_email(ben, allowed=True)
    with pytest.raises(Refused, match="Only an administrator"):
        set_override(ben, party, "", Override(cc_email="a@b.example"), at=at)

    assert not SendingRules.objects.exists()


def test_a_partys_language_is_that_of_its_letters(imported: Import, ben: Membership) -> None:
    document = imported("invoice", language="de")
    document.party.language = "fr"

    assert template_for(document, membership=ben).language == "fr"
    assert template_for(document, membership=ben, language="es").language == "es"
