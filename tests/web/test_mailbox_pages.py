"""User Email Setup and Company Email Setup, without a browser."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse

from outtray.diagnosis.models import Probe
from outtray.mailboxes.models import Health, Mailbox, Whose
from outtray.mailboxes.routes import secret_of
from outtray.people.models import Membership
from tests import builders
from tests.web.conftest import SignedIn

SECRET = "never to be seen again"
FRAGMENT = {"HX-Request": "true"}


def typed(**changes: str) -> Mapping[str, str]:
    """A mailbox as a person fills the form."""
    return {
        "address": "ben@nordwind.example",
        "display_name": "Ben Behrens",
        "reply_to": "",
        "service_type": "web_mail",
        "host": "localhost",
        "port": "2525",
        "security": "none",
        "username": "ben@nordwind.example",
        "password": SECRET,
        **changes,
    }


def test_a_user_sets_up_his_own_user_email(ben: Membership, signed_in: SignedIn) -> None:
    answer = signed_in(ben).post(reverse("user_email"), typed(), follow=True)

    mailbox = Mailbox.objects.get()
    assert (mailbox.owner, mailbox.whose) == (ben.person, Whose.USER)
    assert secret_of(mailbox).value == SECRET
    assert mailbox.health == Health.UNVALIDATED
    assert b"It sends nothing until Validate has passed" in answer.content


def test_a_password_goes_in_and_never_comes_out(ben: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ben)
    wrong = browser.post(reverse("user_email"), typed(port="0"))
    part = browser.post(reverse("user_email"), typed(port="0"), headers=FRAGMENT)
    browser.post(reverse("user_email"), typed())

    page = browser.get(reverse("user_email"))

    assert not any(SECRET.encode() in answer.content for answer in (wrong, part, page))


def test_an_empty_password_keeps_the_stored_one(ben: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ben)
    browser.post(reverse("user_email"), typed())

    browser.post(reverse("user_email"), typed(password="", display_name="Ben B."))

    mailbox = Mailbox.objects.get()
    assert mailbox.display_name == "Ben B."
    assert secret_of(mailbox).value == SECRET


def test_what_is_wrong_is_said_at_its_field(ben: Membership, signed_in: SignedIn) -> None:
    answer = signed_in(ben).post(
        reverse("user_email"), typed(address="ben@@nordwind.example", host="https://mail")
    )

    assert list(answer.context["form"].errors) == ["address"]
    assert not Mailbox.objects.exists()


def test_the_address_names_the_provider_and_fills_its_server(
    ben: Membership, signed_in: SignedIn
) -> None:
    answer = signed_in(ben).get(reverse("mailbox_preset"), {"address": "ben@gmail.com"})

    assert b"Gmail" in answer.content
    assert b'value="smtp.gmail.com"' in answer.content
    assert b"https://myaccount.google.com/apppasswords" in answer.content


def test_the_sent_folder_is_folded_away_and_filled_with_the_rest(
    ben: Membership, signed_in: SignedIn
) -> None:
    answer = signed_in(ben).get(reverse("mailbox_preset"), {"address": "ben@gmail.com"})

    page = answer.content.decode()
    assert "<summary>Sent folder (optional)</summary>" in page
    assert 'value="imap.gmail.com"' in page


def test_a_new_mailbox_takes_what_is_known_of_its_sent_folder_and_a_person_may_clear_it(
    ben: Membership, signed_in: SignedIn
) -> None:
    browser = signed_in(ben)

    browser.post(reverse("user_email"), typed(host="smtp.gmail.com", port="465", security="tls"))
    filled = Mailbox.objects.get().settings
    browser.post(
        reverse("user_email"),
        typed(host="smtp.gmail.com", port="465", security="tls", imap_host=""),
    )

    assert filled["imap_host"] == "imap.gmail.com"
    assert "imap_host" not in Mailbox.objects.get().settings


def test_a_wrong_server_of_the_sent_folder_is_said_at_its_field(
    ben: Membership, signed_in: SignedIn
) -> None:
    answer = signed_in(ben).post(reverse("user_email"), typed(imap_host="https://imap"))

    assert list(answer.context["form"].errors) == ["imap_host"]
    assert '<details class="fold" open>' in answer.content.decode()


def test_an_unknown_provider_leaves_what_was_typed(ben: Membership, signed_in: SignedIn) -> None:
    answer = signed_in(ben).get(reverse("mailbox_preset"), {"address": "ben@nordwind.example"})

    assert answer.headers["HX-Reswap"] == "none"
    assert b"No provider is known" in answer.content


def test_validate_starts_a_probe_and_shows_its_stages(ben: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ben)

    answer = browser.post(reverse("user_email_probes"), typed(), headers=FRAGMENT)

    probe = Probe.objects.get()
    assert reverse("probe", args=[probe.pk]).encode() in answer.content
    assert b"Sign in" in answer.content
    assert not Mailbox.objects.exists()


def test_validate_works_without_scripts(ben: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ben)

    answer = browser.post(reverse("user_email_probes"), typed(), follow=True)

    assert answer.redirect_chain == [(reverse("probe", args=[Probe.objects.get().pk]), 302)]
    assert b'http-equiv="refresh"' in answer.content


def test_what_cannot_be_validated_is_said_on_the_page_without_scripts_too(
    ben: Membership, signed_in: SignedIn
) -> None:
    answer = signed_in(ben).post(
        reverse("user_email_probes"), typed(host="", display_name="Ben B.")
    )

    page = answer.content.decode()
    assert "User Email Setup" in page
    assert list(answer.context["form"].errors) == ["host"]
    assert 'value="Ben B."' in page
    assert not Probe.objects.exists()


def test_a_probe_that_found_nothing_new_is_not_sent_again(
    ben: Membership, signed_in: SignedIn
) -> None:
    browser = signed_in(ben)
    browser.post(reverse("user_email_probes"), typed())
    address = reverse("probe", args=[Probe.objects.get().pk])

    answer = browser.get(address, {"seen": "waiting-0"}, headers=FRAGMENT)

    assert answer.status_code == 204


def test_only_an_administrator_opens_company_email_setup(
    ben: Membership, signed_in: SignedIn
) -> None:
    browser = signed_in(ben)

    assert browser.get(reverse("company_emails")).status_code == 403
    assert browser.post(reverse("new_company_email"), typed(name="Sales")).status_code == 403
    assert browser.post(reverse("company_email_probes"), typed()).status_code == 403
    assert not Mailbox.objects.exists()


def test_the_first_company_email_becomes_the_default(anna: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(anna)

    browser.post(reverse("new_company_email"), typed(name="Invoices"))
    browser.post(reverse("new_company_email"), typed(name="Sales", address="s@nordwind.example"))

    assert [m.name for m in Mailbox.objects.filter(is_default=True)] == ["Invoices"]


def test_an_administrator_sets_another_default_and_deletes(
    anna: Membership, signed_in: SignedIn
) -> None:
    browser = signed_in(anna)
    for name in ("Invoices", "Sales"):
        browser.post(
            reverse("new_company_email"), typed(name=name, address=f"{name}@nordwind.example")
        )
    invoices, sales = Mailbox.objects.order_by("name")

    browser.post(reverse("set_default", args=[sales.pk]))
    browser.post(reverse("delete_company_email", args=[invoices.pk]))

    sales.refresh_from_db()
    assert sales.is_default
    assert list(Mailbox.objects.all()) == [sales]


def test_a_company_email_in_use_is_kept_and_says_why(
    anna: Membership, signed_in: SignedIn, at: datetime
) -> None:
    browser = signed_in(anna)
    browser.post(reverse("new_company_email"), typed(name="Invoices"))
    mailbox = Mailbox.objects.get()
    builders.queued(mailbox, at=at)

    answer = browser.post(reverse("delete_company_email", args=[mailbox.pk]), follow=True)

    assert Mailbox.objects.exists()
    assert b"is the sender of emails in the Email Queue" in answer.content


def test_a_paused_mailbox_says_why_and_what_to_do(
    ben: Membership, signed_in: SignedIn, at: datetime
) -> None:
    mailbox = builders.user_email(ben, at=at, health=Health.PAUSED)
    Mailbox.objects.filter(pk=mailbox.pk).update(pause_cause="wrong_password")

    page = signed_in(ben).get(reverse("user_email"))

    assert b"does not accept this user name and password" in page.content
    assert b"Who must act" in page.content
