"""The pages of templates without a script: what is saved, and what is refused where."""

from __future__ import annotations

from datetime import datetime

import pytest

from outtray.compose.templates.files import keep_picture
from outtray.compose.templates.keep import TemplateWish, make_template
from outtray.compose.templates.models import Template
from outtray.people.models import Membership
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db
WORDS = {"language": "en", "subject": "Hi {{ document.number }}", "mjml": "<mj-text>x</mj-text>"}


@pytest.fixture
def house(anna: Membership, at: datetime) -> Template:
    wish = TemplateWish("House")
    return make_template(anna, level="application", purpose="invoice", wish=wish, at=at)


def test_a_new_template_begins_with_the_built_in_words(
    anna: Membership, signed_in: SignedIn
) -> None:
    page = signed_in(anna)

    answer = page.post(
        "/templates/new/", {"purpose": "estimate", "level": "application", "name": "House"}
    )

    made = Template.objects.get()
    assert answer.headers["Location"] == f"/templates/{made.pk}/"
    assert "<mj-text" in made.versions.get(language="en").mjml
    assert b"House" in page.get("/templates/").content


def test_saving_keeps_texts_and_settings_together(
    anna: Membership, house: Template, signed_in: SignedIn
) -> None:
    given = {**WORDS, "name": "New name", "cc_email": "copy@nordwind.example", "is_default": "on"}

    answer = signed_in(anna).post(f"/templates/{house.pk}/", given)

    house.refresh_from_db()
    assert answer.headers["Location"] == f"/templates/{house.pk}/?language=en"
    assert (house.name, house.cc_email, house.is_default) == (
        "New name", "copy@nordwind.example", True,
    )  # fmt: skip
    assert house.versions.get().subject == WORDS["subject"]


def test_a_fault_is_told_at_its_field_and_nothing_is_saved(
    anna: Membership, house: Template, signed_in: SignedIn
) -> None:
    wrong = {**WORDS, "name": "New name", "mjml": "<mj-text>\n{{ nmae }}</mj-text>"}

    answer = signed_in(anna).post(f"/templates/{house.pk}/", wrong)

    house.refresh_from_db()
    assert answer.status_code == 422
    assert "Line 2, column 4: &#x27;nmae&#x27; is undefined." in answer.content.decode()
    assert house.name == "House"
    assert not house.versions.exists()


def test_who_may_not_save_sees_and_copies(
    ben: Membership, house: Template, anna: Membership, signed_in: SignedIn
) -> None:
    signed_in(anna).post(f"/templates/{house.pk}/", {**WORDS, "name": "House"})
    page = signed_in(ben)

    shown = page.get(f"/templates/{house.pk}/").content.decode()
    refused = page.post(f"/templates/{house.pk}/", {**WORDS, "name": "Ben's", "subject": "Mine"})
    page.post(
        "/templates/new/",
        {"purpose": "invoice", "level": "user", "name": "Mine", "copied": house.pk},
    )

    house.refresh_from_db()
    assert "Make my own of it" in shown
    assert refused.status_code == 422
    assert house.name == "House"
    own = Template.objects.get(owner=ben.person)
    assert own.versions.get().subject == WORDS["subject"]


def test_the_preview_shows_the_template_s_own_pictures_and_runs_nothing(
    anna: Membership, house: Template, signed_in: SignedIn, at: datetime
) -> None:
    keep_picture(anna, house, filename="a.png", content=b"\x89PNG\r\n\x1a\n00", at=at)
    words = {**WORDS, "mjml": '<mj-image src="cid:a.png" /><mj-text><script>1</script>x</mj-text>'}
    page = signed_in(anna)

    letter = page.post(f"/templates/{house.pk}/letter/", words)
    said = page.post(f"/templates/{house.pk}/preview/", words).json()

    assert "sandbox" in letter.headers["Content-Security-Policy"]
    assert 'src="data:image/png;base64,' in letter.content.decode()
    assert "<script" not in letter.content.decode()
    assert said["subject"].startswith("Hi RE-")


def test_only_the_page_of_the_editor_admits_its_own_style(
    anna: Membership, house: Template, signed_in: SignedIn
) -> None:
    answer = signed_in(anna).get(f"/templates/{house.pk}/")

    policy = answer.headers["Content-Security-Policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'name="csp-nonce" content="{nonce}"' in answer.content.decode()
    assert "unsafe" not in policy
