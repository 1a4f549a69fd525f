"""The form of a PDF layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator

from outtray.documents.keep_layout import MOST_TEXT, LayoutWish
from outtray.documents.kinds.registry import KINDS
from outtray.documents.languages import LANGUAGES
from outtray.documents.layout_columns import columns_of
from outtray.documents.layouts import Layout
from outtray.documents.logo import check_logo
from outtray.documents.pdf.look import FONTS, FOOTER_PARTS
from outtray.people.models import Company

FOOTER_LABELS = {
    "address": "Name and address",
    "contact": "Phone, email and website",
    "legal": "Registration and VAT number",
    "bank": "Bank details",
}
_DESIGNS = {
    "classic": "Classic: a letter as one knows it, facts beside the address",
    "modern": "Modern: a large title, and the amount that matters first",
}
_LOGOS = (("company", "The company’s logo"), ("own", "Another logo"), ("none", "No logo"))
_TEXTS = {
    "before": "Above the lines",
    "after": "At the end",
    "footer": "In the footer",
}


@dataclass(frozen=True, slots=True)
class KindColumns:
    """The columns of a kind that can be left out."""

    label: str
    field: forms.BoundField


@dataclass(frozen=True, slots=True)
class LanguageTexts:
    """The texts of a language; `is_filled` where there is any."""

    label: str
    fields: list[forms.BoundField]

    @property
    def is_filled(self) -> bool:
        return any(field.value() or field.errors for field in self.fields)


class LayoutForm(forms.Form):
    """All of a layout, and what it is shown on while it is made."""

    says_optional = False
    name = forms.CharField(label="Name", max_length=100)
    design = forms.ChoiceField(
        label="Design", choices=list(_DESIGNS.items()), widget=forms.RadioSelect
    )
    font = forms.ChoiceField(label="Font", choices=[(name, name) for name in FONTS])
    paper = forms.ChoiceField(
        label="Paper", required=False, choices=[("", "The company’s paper"), *Company.Paper.choices]
    )
    own_colour = forms.BooleanField(label="Another colour than the company’s", required=False)
    colour = forms.CharField(
        label="Colour",
        required=False,
        widget=forms.TextInput(attrs={"type": "color"}),
        validators=[RegexValidator("^#[0-9a-fA-F]{6}$", "A colour such as #1f4f82.")],
    )
    logo = forms.ChoiceField(label="Logo", choices=_LOGOS)
    own_logo = forms.FileField(
        label="Another logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.svg"}),
    )
    footer = forms.MultipleChoiceField(
        label="Footer",
        required=False,
        choices=list(FOOTER_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    is_default = forms.BooleanField(
        label="Use it for all documents for which nothing else is settled", required=False
    )
    shown_kind = forms.ChoiceField(
        label="Show on", required=False, choices=[(k.name, k.label("en")) for k in KINDS.values()]
    )
    shown_language = forms.ChoiceField(label="Language", required=False, choices=LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in KINDS.values():
            if choices := list(columns_of(kind)):
                self.fields[f"columns_{kind.name}"] = forms.MultipleChoiceField(
                    label=f"Columns of {kind.plural('en').lower()}",
                    required=False,
                    choices=choices,
                    widget=forms.CheckboxSelectMultiple,
                )
        for language, label in LANGUAGES.items():
            for name, where in _TEXTS.items():
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=where,
                    required=False,
                    max_length=MOST_TEXT[name],
                    widget=forms.Textarea(attrs={"rows": 2, "aria-label": f"{where}, {label}"}),
                )

    @property
    def columns(self) -> list[KindColumns]:
        """By kind, those that have any to choose."""
        fields = ((kind, f"columns_{kind.name}") for kind in KINDS.values())
        return [
            KindColumns(kind.label("en"), self[name])
            for kind, name in fields
            if name in self.fields
        ]

    @property
    def texts(self) -> list[LanguageTexts]:
        """By language."""
        return [
            LanguageTexts(label, [self[f"{name}_{language}"] for name in _TEXTS])
            for language, label in LANGUAGES.items()
        ]

    def wish(self, layout: Layout | None) -> LayoutWish:
        """What was asked for. Only for a valid form. Raises Refused for an unfit logo."""
        given = self.cleaned_data
        logo, logo_format = self._own_logo(layout) if given["logo"] == "own" else ("", "")
        return LayoutWish(
            name=given["name"],
            design=given["design"],
            font=given["font"],
            colour=given["colour"] if given["own_colour"] else "",
            paper=given["paper"],
            logo=logo,
            logo_format=logo_format,
            shows_logo=given["logo"] != "none",
            columns=dict(self._hidden()),
            texts={
                language: {name: _lines(given[f"{name}_{language}"]) for name in _TEXTS}
                for language in LANGUAGES
            },
            footer=tuple(given["footer"]),
            is_default=given["is_default"],
        )

    def _own_logo(self, layout: Layout | None) -> tuple[str, str]:
        upload: UploadedFile[bytes] | None = self.cleaned_data["own_logo"]
        if upload:
            admitted = check_logo(upload.read())
            return settings.BLOBS.put(admitted.content), admitted.format
        return (layout.logo, layout.logo_format) if layout else ("", "")

    def _hidden(self) -> Iterator[tuple[str, list[str]]]:
        for kind in KINDS.values():
            shown = self.cleaned_data.get(f"columns_{kind.name}", [])
            yield kind.name, [name for name, _ in columns_of(kind) if name not in shown]


def stored(layout: Layout, company: Company) -> dict[str, Any]:
    """A layout as the form shows it."""
    said: dict[str, Any] = {
        "name": layout.name,
        "design": layout.design,
        "font": layout.font,
        "paper": layout.paper,
        "own_colour": bool(layout.colour),
        "colour": layout.colour or company.colour,
        "logo": "none" if not layout.shows_logo else "own" if layout.logo else "company",
        "footer": layout.footer,
        "is_default": layout.is_default,
        "shown_kind": "invoice",
        "shown_language": company.language,
    }
    for kind in KINDS.values():
        hidden = layout.columns.get(kind.name, [])
        said[f"columns_{kind.name}"] = [n for n, _ in columns_of(kind) if n not in hidden]
    for language, texts in layout.texts.items():
        said |= {f"{name}_{language}": text for name, text in texts.items()}
    return said


def fresh(company: Company) -> dict[str, Any]:
    """What a new layout begins with: all as the built-in one has it."""
    return stored(Layout(footer=list(FOOTER_PARTS)), company)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
