"""What becomes of a template when somebody saves, changes or deletes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from outtray.compose.letter import compose
from outtray.compose.models import Template
from outtray.compose.templates.fields import fields_of
from outtray.compose.templates.files import MAX_PICTURE, drop_file, keep_file, keep_picture
from outtray.compose.templates.keep import (
    TemplateWish,
    change_template,
    delete_template,
    make_template,
)
from outtray.compose.templates.shipped import built_in_sources, purposes
from outtray.compose.templates.trial import minimal_trial, real_trial
from outtray.compose.templates.try_texts import TypedTexts, shown, tried
from outtray.compose.templates.write import in_force, write_template
from outtray.documents.languages import LANGUAGES
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.outbox.accept import Terms
from outtray.outbox.send_test import send_test
from outtray.people.models import Membership
from tests.compose.conftest import Import

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
WORDS = "<mj-text>Your {{ document.number }}</mj-text>"


def made(by: Membership, at: datetime, *, level: str = "application", **wish: Any) -> Template:
    return make_template(
        by, level=level, purpose="invoice", wish=TemplateWish(**{"name": "House", **wish}), at=at
    )


def write(by: Membership, template: Template, at: datetime, **texts: str) -> int:
    said: dict[str, Any] = {"subject": "Your invoice", "text": "", "mjml": WORDS, "language": "en"}
    return write_template(by, template, at=at, **{**said, **texts}).number


def refusal(by: Membership, at: datetime, **texts: str) -> Refused:
    template = Template.objects.first() or made(by, at)
    with pytest.raises(Refused) as refused:
        write(by, template, at, **texts)
    return refused.value


def test_only_administrators_make_and_delete_templates_for_everybody(
    anna: Membership, ben: Membership, at: datetime
) -> None:
    template = made(anna, at)

    for forbidden in (
        lambda: made(ben, at),
        lambda: delete_template(ben, template, at=at),
        lambda: change_template(ben, template, TemplateWish("Mine")),
        lambda: write(ben, template, at),
        lambda: keep_file(ben, template, filename="a.pdf", content=b"%PDF", at=at),
    ):
        with pytest.raises(Refused, match="Only an administrator"):
            forbidden()


def test_a_persons_own_template_is_seen_and_changed_by_nobody_else(
    anna: Membership, ben: Membership, clara: Membership, at: datetime
) -> None:
    mine = made(ben, at, level="user")

    assert list(Template.objects.visible_to(ben)) == [mine]
    assert not Template.objects.visible_to(anna).exists()
    assert not Template.objects.visible_to(clara).exists()
    with pytest.raises(Refused):
        write(anna, mine, at)


def test_each_change_is_a_version_and_none_is_lost(anna: Membership, at: datetime) -> None:
    template = made(anna, at)

    numbers = [
        write(anna, template, at),
        write(anna, template, at),
        write(anna, template, at, subject="Another"),
        write(anna, template, at, language="de"),
    ]

    assert numbers == [1, 1, 2, 1]
    assert [each.subject for each in template.versions.filter(language="en")] == [
        "Your invoice", "Another",
    ]  # fmt: skip
    newest = in_force(template, "en")
    assert newest is not None
    assert newest.number == 2


def test_the_default_of_a_purpose_is_one(anna: Membership, at: datetime) -> None:
    first = made(anna, at, name="First", is_default=True)

    second = made(anna, at, name="Second", is_default=True)

    first.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    with pytest.raises(Refused, match="There is a template “First” for invoices already"):
        change_template(anna, second, TemplateWish("First"))


@pytest.mark.parametrize(
    ("field", "text", "place"),
    [
        ("subject", "Invoice {{ nmae }}", "Line 1, column 12: 'nmae' is undefined."),
        ("text", "Hello\n{{ party.contact.name }}", "Line 2, column 4"),
        ("mjml", "<mj-text>\n  {{ document.lines[0].colour }}</mj-text>", "Line 2, column 6"),
        ("mjml", "<mj-text>{% if x %}</mj-text>", "Line 1, column 10"),
        ("mjml", "<mj-text>x</mj-text>\n<mj-raw>x</mj-raw>", "Line 2, column 1: <mj-raw>"),
        ("mjml", '<mj-image src="cid:no.png" />', "Line 1, column 16: the template has no picture"),
        ("mjml", "", "The letter says nothing."),
        ("subject", "{% if false %}x{% endif %}", "The subject is empty on a sample."),
        ("subject", "\u200b{{ '\u3164' }}", "The subject is empty on a sample."),
        ("subject", "Your\nRE \u202efdp", "Line 2, column 4: a subject cannot hold"),
        ("subject", "{{ company.name }}" * 200, "It has more than 2,000 characters."),
    ],
)
def test_what_does_not_render_is_refused_where_it_stands(
    anna: Membership, at: datetime, field: str, text: str, place: str
) -> None:
    refused = refusal(anna, at, **{field: text})

    assert (refused.code, refused.field) == ("template_wrong", field)
    assert refused.detail.startswith(place)
    assert not Template.objects.get().versions.exists()


def test_what_renders_on_a_real_document_must_render_on_a_minimal_one(
    imported: Import, anna: Membership, at: datetime
) -> None:
    imported("payment_reminder")
    second = "<mj-text>{{ document.invoices[1].number }}</mj-text>"
    template = make_template(
        anna, level="application", purpose="payment_reminder", wish=TemplateWish("x"), at=at
    )

    with pytest.raises(Refused) as refused:
        write(anna, template, at, mjml=second)

    assert refused.value.detail == (
        "Line 1, column 13: index out of range. "
        "This was tried on a document that has only what it must have."
    )
    write(anna, template, at, mjml=f"{{% if document.invoices.size > 1 %}}{second}{{% endif %}}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", purposes())
def test_every_built_in_template_could_be_saved_as_one_of_ones_own(
    anna: Membership, purpose: str, language: str
) -> None:
    subject, text, mjml = built_in_sources(purpose, language)

    tried(TypedTexts(purpose, language, subject, text, mjml), anna, pictures=[])


def test_every_field_at_hand_can_be_inserted(anna: Membership) -> None:
    for purpose in purposes():
        trial = minimal_trial(anna.company, purpose)
        values = trial.values(purpose, "fr", sender_name="Anna")
        inserted = "\n".join(each.inserted for each in fields_of(values, purpose))

        typed = TypedTexts(purpose, "fr", "Bonjour", inserted, f"<mj-text>{inserted}</mj-text>")

        assert "Anna" in shown(typed, anna, pictures=[]).text


def test_a_preview_is_written_in_the_language_of_the_template(
    imported: Import, anna: Membership
) -> None:
    invoice = imported("invoice")
    newer = imported("invoice", number="RE-2")
    typed = TypedTexts(
        "invoice", "es", "{{ document.number }}", "", "<mj-text>{{ document.date }}</mj-text>"
    )

    filled = shown(typed, anna, pictures=[], document=invoice.pk)

    assert filled.subject == "RE-2026-1043"
    assert "23 de noviembre de 2026" in filled.html
    assert filled.text.startswith("23 de noviembre de 2026")
    assert real_trial(anna, "invoice").name == newer.number


def test_a_letter_shows_the_pictures_of_its_template(
    imported: Import, anna: Membership, mailbox: Mailbox, at: datetime
) -> None:
    template = made(anna, at, is_default=True)
    keep_picture(anna, template, filename="Our team (1).png", content=PNG, at=at)
    write(anna, template, at, mjml='<mj-image src="cid:Our-team-1-.png" alt="" />')

    letter = compose([imported("invoice", language="en")], mailbox=mailbox)

    assert [(each.cid, each.content) for each in letter.inline] == [("Our-team-1-.png", PNG)]
    assert 'src="cid:Our-team-1-.png"' in letter.html
    with pytest.raises(Refused, match="The English text shows"):
        drop_file(anna, template, template.files.get())


@pytest.mark.parametrize(
    ("filename", "content", "code"),
    [
        ("x.svg", b"<svg onload='alert(1)'/>", "not_a_picture"),
        ("x.png", b"<script>", "not_a_picture"),
        ("x.png", PNG + b"\0" * MAX_PICTURE, "too_large"),
    ],
)
def test_a_picture_is_one_and_small(
    anna: Membership, at: datetime, filename: str, content: bytes, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        keep_picture(anna, made(anna, at), filename=filename, content=content, at=at)

    assert refused.value.code == code


def test_files_that_mail_systems_refuse_are_refused_here(anna: Membership, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        keep_file(anna, made(anna, at), filename="price.exe", content=b"MZ", at=at)

    assert refused.value.code == "forbidden_file"


def test_a_test_mail_goes_to_oneself_and_to_no_document(
    imported: Import, ben: Membership, mailbox: Mailbox, at: datetime
) -> None:
    invoice = imported("invoice")
    template = made(ben, at, level="user", cc_email="boss@nordwind.example")
    typed = TypedTexts("invoice", "de", "Neu: {{ document.number }}", "", WORDS)

    email = send_test(ben, template, typed, document=invoice.pk, at=at)

    assert email.subject == "Test: Neu: RE-2026-1043"
    assert [each.address for each in email.recipients.all()] == ["ben@nordwind.example"]
    assert [each.document for each in email.enclosures.all()] == [None]
    assert email.due_at == Terms(at=at).at
