from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from outtray.lib.errors import Refused
from outtray.lib.sealing import CannotOpen, Secret
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.health import mark_validated
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Credential, Health, Mailbox
from outtray.mailboxes.routes import fingerprint_of, route_for
from outtray.mailboxes.save import (
    delete_company_email,
    make_default,
    save_company_email,
    save_user_email,
)
from outtray.people.models import Membership
from tests import builders

SETTINGS = {
    "host": "smtp.nordwind.example",
    "port": 587,
    "security": "starttls",
    "username": "ben@nordwind.example",
}
DRAFT = MailboxDraft(
    whose="user",
    address="ben@nordwind.example",
    display_name="Ben Behrens",
    settings=SETTINGS,
    secret=Secret("correct horse"),
)
COMPANY_DRAFT = replace(DRAFT, whose="company", name="Billing", address="billing@nordwind.example")


def test_a_user_has_one_user_email_however_often_he_saves(ben: Membership, at: datetime) -> None:
    first = save_user_email(ben, DRAFT, at=at)

    second = save_user_email(ben, replace(DRAFT, display_name="B. Behrens"), at=at)

    assert second.pk == first.pk
    assert Mailbox.objects.get().display_name == "B. Behrens"
    assert second.owner == ben.person


def test_the_password_is_sealed_and_opens_only_for_its_mailbox(
    ben: Membership, at: datetime
) -> None:
    mailbox = save_user_email(ben, DRAFT, at=at)

    sealed = bytes(Credential.objects.get().sealed)
    assert b"correct horse" not in sealed
    assert route_for(mailbox).secret == Secret("correct horse")
    assert "correct horse" not in repr(route_for(mailbox))
    with pytest.raises(CannotOpen):
        ring().open(sealed, context="another mailbox")


def test_saving_without_a_password_keeps_the_stored_one(ben: Membership, at: datetime) -> None:
    save_user_email(ben, DRAFT, at=at)

    saved = save_user_email(ben, replace(DRAFT, secret=None, reply_to="a@b.example"), at=at)

    assert route_for(saved).secret == Secret("correct horse")


def test_a_stored_password_is_never_sent_to_another_server(ben: Membership, at: datetime) -> None:
    save_user_email(ben, DRAFT, at=at)
    elsewhere = replace(DRAFT, secret=None, settings={**SETTINGS, "host": "smtp.thief.example"})

    with pytest.raises(Refused) as refused:
        save_user_email(ben, elsewhere, at=at)

    assert (refused.value.code, refused.value.field) == ("password_needed_again", "password")


def test_a_login_needs_a_password(ben: Membership, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        save_user_email(ben, replace(DRAFT, secret=None), at=at)

    assert refused.value.code == "password_missing"


def test_the_blanks_of_a_shown_app_password_are_not_part_of_it(
    ben: Membership, at: datetime
) -> None:
    mailbox = save_user_email(ben, replace(DRAFT, secret=Secret("abcd efgh ijkl mnop")), at=at)

    assert route_for(mailbox).secret == Secret("abcdefghijklmnop")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"address": "ben@nordwind.example\r\nBcc: x@y.example"}, "address"),
        ({"address": "ben"}, "address"),
        ({"reply_to": "nobody"}, "reply_to"),
        ({"display_name": "Ben\r\nBcc: x@y.example"}, "display_name"),
        ({"service_type": "carrier_pigeon"}, "service_type"),
        ({"settings": {**SETTINGS, "port": 99999}}, "port"),
        ({"settings": {**SETTINGS, "security": "none"}}, "security"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_field(
    ben: Membership, at: datetime, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        save_user_email(ben, replace(DRAFT, **change), at=at)  # type: ignore[arg-type] # one field

    assert refused.value.field == field
    assert not Mailbox.objects.exists()


def test_a_new_mailbox_is_not_validated_and_has_its_providers_pace(
    ben: Membership, at: datetime
) -> None:
    draft = replace(
        DRAFT,
        address="ben@gmail.com",
        settings={**SETTINGS, "host": "smtp.gmail.com", "username": "ben@gmail.com"},
    )

    mailbox = save_user_email(ben, draft, at=at)

    assert mailbox.health == Health.UNVALIDATED
    assert mailbox.provider == "gmail"
    assert mailbox.messages_per_day == 500


def test_a_pace_set_by_hand_survives_saving(ben: Membership, at: datetime) -> None:
    mailbox = save_user_email(ben, DRAFT, at=at)
    Mailbox.objects.filter(pk=mailbox.pk).update(messages_per_minute=3)

    saved = save_user_email(ben, replace(DRAFT, display_name="Ben"), at=at)

    assert saved.messages_per_minute == 3


@pytest.mark.parametrize(
    ("change", "health"),
    [
        ({"display_name": "Somebody", "reply_to": "desk@nordwind.example"}, Health.READY),
        ({"secret": Secret("another one")}, Health.UNVALIDATED),
        ({"address": "other@nordwind.example"}, Health.UNVALIDATED),
        ({"settings": {**SETTINGS, "port": 465, "security": "tls"}}, Health.UNVALIDATED),
    ],
)
def test_only_what_sends_differently_must_be_validated_again(
    ben: Membership, at: datetime, change: dict[str, object], health: Health
) -> None:
    mailbox = save_user_email(ben, DRAFT, at=at)
    assert mark_validated(mailbox, fingerprint_of(mailbox), at)

    saved = save_user_email(ben, replace(DRAFT, **change), at=at)  # type: ignore[arg-type] # one field

    assert Mailbox.objects.get(pk=saved.pk).health == health


def test_only_an_administrator_sets_up_a_company_email(
    anna: Membership, ben: Membership, at: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        save_company_email(ben, COMPANY_DRAFT, at=at)
    saved = save_company_email(anna, COMPANY_DRAFT, at=at)

    assert refused.value.code == "not_allowed"
    assert saved.owner is None
    assert saved.is_default


def test_there_is_one_default_company_email(anna: Membership, at: datetime) -> None:
    billing = save_company_email(anna, COMPANY_DRAFT, at=at)
    desk = save_company_email(anna, replace(COMPANY_DRAFT, name="Desk"), at=at)

    make_default(anna, desk, at=at)

    assert Mailbox.objects.get(is_default=True) == desk
    assert not Mailbox.objects.get(pk=billing.pk).is_default


def test_two_company_emails_do_not_share_a_name(anna: Membership, at: datetime) -> None:
    save_company_email(anna, COMPANY_DRAFT, at=at)

    with pytest.raises(Refused) as refused:
        save_company_email(anna, COMPANY_DRAFT, at=at)

    assert (refused.value.code, refused.value.field) == ("name_taken", "name")


def test_deleting_the_default_passes_it_to_the_oldest_left(anna: Membership, at: datetime) -> None:
    billing = save_company_email(anna, COMPANY_DRAFT, at=at)
    later = at + timedelta(minutes=1)
    desk = save_company_email(anna, replace(COMPANY_DRAFT, name="Desk"), at=later)

    delete_company_email(anna, billing, at=later)

    assert Mailbox.objects.get() == desk
    assert Mailbox.objects.get().is_default


def test_a_mailbox_that_has_sent_is_not_deleted(anna: Membership, at: datetime) -> None:
    billing = save_company_email(anna, COMPANY_DRAFT, at=at)
    builders.queued(billing, at=at)

    with pytest.raises(Refused) as refused:
        delete_company_email(anna, billing, at=at)

    assert refused.value.code == "mailbox_in_use"


def test_clara_touches_no_company_email_of_nordwind(
    anna: Membership, clara: Membership, at: datetime
) -> None:
    billing = save_company_email(anna, COMPANY_DRAFT, at=at)

    for attempt in (
        lambda: save_company_email(clara, COMPANY_DRAFT, mailbox=billing, at=at),
        lambda: delete_company_email(clara, billing, at=at),
        lambda: make_default(clara, billing, at=at),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "no_such_mailbox"
    assert not Mailbox.objects.visible_to(clara).exists()


def test_the_history_names_what_was_changed_and_never_the_password(
    ben: Membership, at: datetime
) -> None:
    mailbox = save_user_email(ben, DRAFT, at=at)
    mark_validated(mailbox, fingerprint_of(mailbox), at)

    save_user_email(
        ben, replace(DRAFT, secret=Secret("battery staple"), reply_to="a@b.example"), at=at
    )

    _, changed, unvalidated = mailbox.events.all()
    assert (changed.code, changed.by) == ("changed", ben.person)
    assert changed.detail == {"what": ["reply_to", "password"]}
    assert unvalidated.code == "unvalidated"


def test_saving_the_same_again_leaves_no_line(ben: Membership, at: datetime) -> None:
    mailbox = save_user_email(ben, DRAFT, at=at)

    save_user_email(ben, replace(DRAFT, secret=None), at=at)

    assert not mailbox.events.exists()
