"""The form of the editor: a template's texts in one language, and what goes with them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from outtray.compose.filling.liquid import MAX_SOURCE
from outtray.compose.templates.keep import TemplateWish
from outtray.compose.templates.models import Template
from outtray.compose.templates.shipped import built_in_sources
from outtray.compose.templates.try_texts import MAX_SUBJECT_SOURCE, TypedTexts
from outtray.compose.templates.write import in_force
from outtray.documents.languages import LANGUAGES
from outtray.documents.layouts import Layout
from outtray.mailboxes.models import Mailbox, Whose
from outtray.people.models import Membership
from outtray.web.identifiers import uuids


class TextsForm(forms.Form):
    """What the letter says. The place of a fault in it comes with the refusal, not from here."""

    says_optional = False

    language = forms.ChoiceField(choices=list(LANGUAGES.items()), widget=forms.HiddenInput)
    document = forms.UUIDField(required=False, widget=forms.HiddenInput)
    subject = forms.CharField(label="Subject", max_length=MAX_SUBJECT_SOURCE)
    mjml = forms.CharField(
        label="Letter", max_length=MAX_SOURCE, strip=False, widget=forms.Textarea
    )
    text = forms.CharField(
        label="Plain text",
        max_length=MAX_SOURCE,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def typed(self, template: Template) -> TypedTexts:
        """The texts as they were typed, also where something of the form is wrong."""
        given = {name: str(self.data.get(name, "")) for name in ("subject", "text", "mjml")}
        language = self.cleaned_data.get("language") or template.company.language
        plain = {name: each.replace("\r\n", "\n") for name, each in given.items()}
        return TypedTexts(template.purpose, language, **plain)


class TemplateForm(TextsForm):
    """The same with name, copy, sender, layout and whether it is taken by default."""

    name = forms.CharField(label="Name", max_length=100)
    cc_email = forms.CharField(
        label="CC Email",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"placeholder": "No copy"}),
    )
    send_from = forms.ChoiceField(label="Send From Email", required=False)
    layout = forms.ChoiceField(label="PDF layout", required=False)
    is_default = forms.BooleanField(required=False)

    def __init__(self, *args: Any, template: Template, membership: Membership, **more: Any) -> None:
        super().__init__(*args, **more)
        mailboxes = Mailbox.objects.filter(company_id=membership.company_id, whose=Whose.COMPANY)
        layouts = Layout.objects.visible_to(membership).order_by("name")
        _offer(self, "send_from", "As for the document", mailboxes.order_by("name"))
        _offer(self, "layout", "As for the document", layouts)
        whose = "you send" if template.owner_id else "is sent"
        self.fields["is_default"].label = f"Take it for all that {whose}"

    @property
    def wish(self) -> TemplateWish:
        given = self.cleaned_data
        return TemplateWish(
            name=given["name"],
            cc_email=given["cc_email"],
            send_from=_uuid(given["send_from"]),
            layout=_uuid(given["layout"]),
            is_default=given["is_default"],
        )


def initial_of(template: Template, language: str, document: str) -> dict[str, object]:
    """What the form shows at first; the built-in words where there are none in the language."""
    version = in_force(template, language)
    built_in = built_in_sources(template.purpose, language)
    subject, text, mjml = (version.subject, version.text, version.mjml) if version else built_in
    return {
        "language": language,
        "document": document,
        "subject": subject,
        "text": text,
        "mjml": mjml,
        "name": template.name,
        "cc_email": template.cc_email,
        "send_from": str(template.send_from_id or ""),
        "layout": str(template.layout_id or ""),
        "is_default": template.is_default,
    }


def _offer(form: forms.Form, name: str, nothing: str, rows: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", nothing), *((str(each.pk), str(each)) for each in rows)]


def _uuid(chosen: str) -> UUID | None:
    return next(iter(uuids([chosen])), None)
