"""Which template a letter is written with: the party's, the kind's, the centre's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from outtray.compose.letter import compose
from outtray.compose.models import DocumentDefault, PartyDefault, Template
from outtray.compose.rules.company_rules import Rules
from outtray.compose.templates.choice import BUILT_IN, choosable, template_for
from outtray.compose.templates.files import keep_file
from outtray.compose.templates.index import TemplateIndex
from outtray.compose.templates.keep import TemplateWish, delete_template, make_template
from outtray.compose.templates.write import write_template
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.outbox.accept import Terms, accept
from outtray.people.models import Membership
from tests.builders import company_email, reload
from tests.compose.conftest import Import

WORDS = "<mj-text><p>Moin {{ party.name }}, hier kommt {{ document.number }}.</p></mj-text>"


def template(
    by: Membership, at: datetime, *, name: str, level: str = "application", **wish: Any
) -> Template:
    """A template for invoices with a German text."""
    made = make_template(by, level=level, purpose="invoice", wish=TemplateWish(name, **wish), at=at)
    write_template(
        by, made, language="de", subject=f"{name} {{{{ document.number }}}}", text="", mjml=WORDS,
        at=at,
    )  # fmt: skip
    return made


def test_without_any_template_the_built_in_one_is_taken(imported: Import, ben: Membership) -> None:
    choice = template_for(imported("invoice"), membership=ben)

    assert choice.version_id is None
    assert choice.reason == "The built-in template: none is settled for invoices"


def test_the_party_goes_before_the_kind_and_the_kind_before_the_centre(
    imported: Import, anna: Membership, ben: Membership, at: datetime
) -> None:
    invoice = imported("invoice")
    for by, name, level in (anna, "House", "application"), (ben, "Mine", "user"):
        template(by, at, name=name, level=level, is_default=True)
    kind, party = template(anna, at, name="Kind"), template(anna, at, name="Ahrens")

    reasons = [template_for(invoice, membership=anna).reason]
    reasons.append(template_for(invoice, membership=ben).reason)
    DocumentDefault.objects.create(company=ben.company, kind="invoice", template=kind)
    reasons.append(template_for(invoice, membership=ben).reason)
    PartyDefault.objects.create(party=invoice.party, template=party)
    reasons.append(template_for(invoice, membership=ben).reason)
    PartyDefault.objects.create(party=invoice.party, kind="invoice", template=kind)
    reasons.append(template_for(invoice, membership=ben).reason)

    assert reasons == [
        "“House”, the company's template for invoices",
        "“Mine”, your own template for invoices",
        "“Kind”, the Default Document Template of invoices",
        "“Ahrens”, the Email Template of Möbelhaus Ahrens KG",
        "“Kind”, the Email Template of Möbelhaus Ahrens KG",
    ]


def test_a_template_gives_its_words_copy_sender_and_files(
    imported: Import, anna: Membership, mailbox: Mailbox, at: datetime
) -> None:
    billing = company_email(anna.company, at=at)
    made = template(
        anna, at, name="House", is_default=True, cc_email="archiv@nordwind.example",
        send_from=billing.pk,
    )  # fmt: skip
    keep_file(anna, made, filename="AGB.pdf", content=b"%PDF-1.7 terms", at=at)

    letter = compose([imported("invoice")], mailbox=mailbox)

    version = made.versions.get()
    assert letter.template_version == version.pk
    assert letter.subject == "House RE-2026-1043"
    assert "<p>Moin Möbelhaus Ahrens KG, hier kommt RE-2026-1043.</p>" in letter.html
    assert letter.text.startswith("Moin Möbelhaus Ahrens KG, hier kommt RE-2026-1043.\n\nBen")
    assert [each.filename for each in letter.enclosures][1:] == ["AGB.pdf"]
    assert letter.enclosures[1].content == b"%PDF-1.7 terms"
    copies = [str(each.address.address) for each in letter.recipients if each.kind == "cc"]
    assert copies == ["archiv@nordwind.example"]
    assert template_for(imported("invoice")).send_from_id == billing.pk


def test_a_language_that_is_missing_leaves_the_built_in_words(
    imported: Import, anna: Membership, mailbox: Mailbox, at: datetime
) -> None:
    template(anna, at, name="House", is_default=True, cc_email="archiv@nordwind.example")
    french = imported("invoice", language="fr")

    choice = template_for(french, membership=anna)
    letter = compose([french], mailbox=mailbox, template=choice)

    assert choice.reason.endswith("; it has no text in French, so the built-in words are used")
    assert choice.cc_email == "archiv@nordwind.example"
    assert letter.template_version is None
    assert "Bonjour" in letter.text


def test_what_somebody_chooses_goes_before_all_else(
    imported: Import, anna: Membership, ben: Membership, at: datetime
) -> None:
    template(anna, at, name="House", is_default=True)
    mine = template(ben, at, name="Mine", level="user")
    invoice = imported("invoice")

    assert template_for(invoice, membership=ben, wanted=mine.pk).name == "Mine"
    assert template_for(invoice, membership=ben, wanted=BUILT_IN).version_id is None
    offered = choosable(TemplateIndex.of(ben.company_id), "invoice", ben)
    assert [each.name for each in offered] == ["Mine", "House"]


@pytest.mark.parametrize("who", ["anna", "clara"])
def test_nobody_else_can_choose_a_persons_own_template(
    who: str, imported: Import, ben: Membership, at: datetime, request: pytest.FixtureRequest
) -> None:
    mine = template(ben, at, name="Mine", level="user")
    other: Membership = request.getfixturevalue(who)

    with pytest.raises(Refused) as refused:
        template_for(imported("invoice"), membership=other, wanted=mine.pk)

    assert refused.value.code == "no_such_template"


def test_a_template_for_invoices_is_not_for_orders(
    imported: Import, anna: Membership, at: datetime
) -> None:
    invoices = template(anna, at, name="House", is_default=True)
    order = imported("sales_order")
    PartyDefault.objects.create(party=order.party, template=invoices)

    assert template_for(order, membership=anna).template_id is None
    with pytest.raises(Refused, match="no such template for sales orders"):
        template_for(order, membership=anna, wanted=invoices.pk)


def test_several_documents_have_a_template_of_their_own(
    imported: Import, anna: Membership, at: datetime
) -> None:
    template(anna, at, name="House", is_default=True)
    both = [imported("invoice"), imported("invoice", number="RE-2")]

    assert template_for(both, membership=anna).purpose == "several"


def test_a_deleted_template_is_chosen_no_more_but_its_versions_stay(
    imported: Import, anna: Membership, at: datetime
) -> None:
    made = template(anna, at, name="House", is_default=True)
    DocumentDefault.objects.create(company=anna.company, kind="invoice", template=made)

    delete_template(anna, made, at=at)

    assert template_for(imported("invoice"), membership=anna).template_id is None
    assert made.versions.count() == 1
    template(anna, at, name="House", is_default=True)


def test_thousands_of_documents_are_picked_for_without_a_query_each(
    imported: Import, anna: Membership, at: datetime
) -> None:
    template(anna, at, name="House", is_default=True)
    invoice = imported("invoice")
    rules = Rules.of(anna.company)

    with CaptureQueriesContext(connection) as queries:
        choices = [template_for(invoice, membership=anna, rules=rules) for _ in range(100)]

    assert not queries.captured_queries
    assert {each.name for each in choices} == {"House"}


def test_an_email_names_the_version_that_it_was_written_with(
    imported: Import, anna: Membership, mailbox: Mailbox, at: datetime
) -> None:
    made = template(anna, at, name="House", is_default=True)
    letter = compose([imported("invoice")], mailbox=mailbox)

    email = accept(letter, mailbox=mailbox, terms=Terms(at=at))
    write_template(
        anna, made, language="de", subject="New {{ document.number }}", text="", mjml=WORDS, at=at
    )

    assert reload(email).template_version == made.versions.get(number=1)
    with pytest.raises(ProtectedError):
        made.versions.get(number=1).delete()
