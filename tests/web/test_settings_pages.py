"""Company, people, senders, API keys, profile."""

from __future__ import annotations

import re
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from outtray.compose.models import DocumentDefault
from outtray.mailboxes.models import Mailbox, Whose
from outtray.people.keys import membership_of
from outtray.people.models import ApiKey, Membership, Role
from tests.web.conftest import SignedIn

LOGO = (
    b"<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>"
    b"<rect width='40' height='20'/></svg>"
)
COMPANY = {
    "name": "Nordwind AG",
    "city": "Bremen",
    "language": "de",
    "timezone": "Europe/Berlin",
    "paper": "a4",
    "colour": "#336699",
}


def test_an_administrator_saves_the_company(anna: Membership, signed_in: SignedIn) -> None:
    answer = signed_in(anna).post(
        reverse("company"), {**COMPANY, "iban": "DE89 3704 0044 0532 0130 00", "country": "de"}
    )

    assert answer.status_code == 302
    anna.company.refresh_from_db()
    assert anna.company.name == "Nordwind AG"
    assert (anna.company.iban, anna.company.country) == ("DE89370400440532013000", "DE")


def test_a_mistyped_iban_is_refused_at_its_field(anna: Membership, signed_in: SignedIn) -> None:
    answer = signed_in(anna).post(
        reverse("company"), {**COMPANY, "iban": "DE89 3704 0044 0532 0130 01"}
    )

    assert list(answer.context["form"].errors) == ["iban"]


def test_a_logo_is_kept_and_shown(anna: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(anna)

    browser.post(reverse("company"), {**COMPANY, "logo": SimpleUploadedFile("logo.svg", LOGO)})

    shown = browser.get(reverse("logo"))
    assert shown.content == LOGO
    assert shown.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in shown.headers["Content-Security-Policy"]


def test_a_logo_with_a_script_is_refused_at_its_field(
    anna: Membership, signed_in: SignedIn
) -> None:
    bad = LOGO.replace(b"<rect", b"<script>alert(1)</script><rect")

    answer = signed_in(anna).post(
        reverse("company"), {**COMPANY, "logo": SimpleUploadedFile("logo.svg", bad)}
    )

    assert list(answer.context["form"].errors) == ["logo"]
    anna.company.refresh_from_db()
    assert anna.company.logo == ""


def test_a_new_person_gets_a_link_that_is_shown_once(anna: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(anna)

    added = browser.post(
        reverse("persons"), {"name": "Dora", "email": "dora@nordwind.example", "role": "user"}
    )
    later = browser.get(reverse("persons"))

    assert b'<code id="link">http' in added.content
    assert b'<code id="link">' not in later.content
    assert b"dora@nordwind.example" in later.content


def test_a_role_is_changed_and_a_person_removed(
    anna: Membership, ben: Membership, signed_in: SignedIn
) -> None:
    browser = signed_in(anna)

    browser.post(reverse("person_role", args=[ben.pk]), {"role": "administrator"})
    ben.refresh_from_db()
    assert ben.role == Role.ADMINISTRATOR

    browser.post(reverse("remove_person", args=[ben.pk]))
    assert not Membership.objects.filter(pk=ben.pk).exists()


def test_the_last_administrator_stays_and_the_page_says_so(
    anna: Membership, signed_in: SignedIn
) -> None:
    answer = signed_in(anna).post(reverse("remove_person", args=[anna.pk]), follow=True)

    assert b"the only administrator" in answer.content
    assert Membership.objects.filter(pk=anna.pk).exists()


def test_senders_and_copies_of_each_kind_are_saved(
    anna: Membership, signed_in: SignedIn, at: datetime
) -> None:
    invoices = Mailbox.objects.create(
        company=anna.company,
        whose=Whose.COMPANY,
        name="Invoices",
        address="billing@nordwind.example",
        created_at=at,
        changed_at=at,
    )

    signed_in(anna).post(
        reverse("senders"),
        {"invoice-from": str(invoices.pk), "invoice-cc": "boss@nordwind.example"},
    )

    default = DocumentDefault.objects.get(kind="invoice")
    assert default.send_from == invoices
    assert default.cc_email == "boss@nordwind.example"


def test_an_api_key_is_shown_once_and_can_be_revoked(
    ben: Membership, signed_in: SignedIn, at: datetime
) -> None:
    browser = signed_in(ben)

    created = browser.post(reverse("keys"), {"name": "ERP"})
    text = re.findall(r'<code id="key">([^<]+)</code>', created.content.decode())[0]
    assert membership_of(text, at=at) == ben
    assert "no-store" in created.headers["Cache-Control"]
    assert text.encode() not in browser.get(reverse("keys")).content

    browser.post(reverse("revoke_key", args=[ApiKey.objects.get().pk]))
    assert membership_of(text, at=at) is None


def test_a_user_does_not_see_the_keys_of_others(
    anna: Membership, ben: Membership, signed_in: SignedIn
) -> None:
    signed_in(anna).post(reverse("keys"), {"name": "Key of Anna"})

    page = signed_in(ben).get(reverse("keys"))

    assert b"Key of Anna" not in page.content


def test_times_are_shown_in_the_persons_own_time_zone(ben: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ben)
    browser.post(reverse("keys"), {"name": "ERP"})

    browser.post(reverse("profile"), {"name": "Ben B.", "timezone": "Asia/Tokyo"})

    ben.person.refresh_from_db()
    assert ben.person.name == "Ben B."
    assert b"JST" in browser.get(reverse("keys")).content
