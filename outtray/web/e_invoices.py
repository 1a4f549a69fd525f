"""E-invoices: what goes out as one, and what the one of a document says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from outtray.documents.e_invoices import EInvoiceReport, report_on, xml_of
from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.forms import Syntax
from outtray.documents.einvoice.settings import EInvoiceProfile
from outtray.documents.einvoice.settle import forms_of, settle_facts, settle_form, units_from
from outtray.documents.einvoice.settled import EInvoices
from outtray.documents.einvoice.wishes import Form, WhenWrong
from outtray.documents.files import XML_TYPE
from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document
from outtray.documents.schema.einvoice import Endpoint
from outtray.lib.errors import Refused
from outtray.people.models import Company, Membership
from outtray.web.answers import tell
from outtray.web.files import download
from outtray.web.session import PersonRequest, administrator_required, person_required

FORM_NAMES = {
    Form.NONE: "PDF alone",
    Form.FACTUR_X: "PDF with the data inside (Factur-X)",
    Form.UBL: "PDF and a file of data (UBL)",
    Form.BOTH: "Factur-X and a file of UBL",
}
WRONG_NAMES = {
    WhenWrong.HOLD: "Do not send it",
    WhenWrong.SEND_WITHOUT: "Send the PDF alone",
}
SYNTAX_NAMES = {Syntax.CII: "Factur-X (CII)", Syntax.UBL: "UBL 2.1"}
_CATEGORIES = (
    ("", "None: say that it is missing"),
    ("Z", "Z: zero rated"),
    ("E", "E: exempt from tax"),
    ("AE", "AE: reverse charge"),
    ("K", "K: to another EU country"),
    ("G", "G: export outside the EU"),
    ("O", "O: outside of VAT"),
)


@dataclass(frozen=True, slots=True)
class FormRow:
    """A kind of document with its two fields."""

    label: str
    form: forms.BoundField
    when_wrong: forms.BoundField


class EInvoicesForm(forms.Form):
    """The form of every kind, and what the company's papers leave open."""

    tax_number = forms.CharField(label="Tax number", max_length=50, required=False)
    zero_category = forms.ChoiceField(
        label="Lines at 0 % that name no tax category", choices=_CATEGORIES, required=False
    )
    zero_reason = forms.CharField(label="Why no tax is charged", max_length=200, required=False)
    endpoint_scheme = forms.RegexField(
        r"^(\d{4}|[A-Z]{2})$", label="Scheme", max_length=4, required=False
    )
    endpoint_id = forms.CharField(label="Electronic address", max_length=50, required=False)
    units = forms.CharField(
        label="Your words for units",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "Gebinde = XPK"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in _kinds():
            label = kind.label("en")
            self.fields[f"{kind.name}-form"] = forms.ChoiceField(
                label=f"Form of {label}",
                choices=[(form.value, FORM_NAMES[form]) for form in forms_of(kind)],
            )
            self.fields[f"{kind.name}-wrong"] = forms.ChoiceField(
                label=f"If {label} breaks a rule",
                choices=[(what.value, name) for what, name in WRONG_NAMES.items()],
            )

    def clean_units(self) -> Mapping[str, str]:
        try:
            return units_from(self.cleaned_data["units"])
        except Refused as refused:
            raise forms.ValidationError(refused.detail) from refused

    @property
    def rows(self) -> list[FormRow]:
        return [
            FormRow(kind.label("en"), self[f"{kind.name}-form"], self[f"{kind.name}-wrong"])
            for kind in _kinds()
        ]

    @property
    def facts(self) -> CompanyFacts:
        typed = self.cleaned_data
        return CompanyFacts(
            tax_number=typed["tax_number"],
            endpoint=Endpoint(scheme=typed["endpoint_scheme"], id=typed["endpoint_id"]),
            zero_category=typed["zero_category"],
            zero_reason=typed["zero_reason"],
            units=typed["units"],
        )


@require_http_methods(["GET", "POST"])
@administrator_required
def settings(request: PersonRequest) -> HttpResponse:
    """As what each kind goes out."""
    form = EInvoicesForm(request.POST or None, initial=_stored(request.membership.company))
    if form.is_valid() and _save(request.membership, form):
        tell(request, "The e-invoices are settled. What is sent from now on follows it.")
        return redirect("e_invoices")
    return render(request, "outtray/settings/e_invoices.html", {"form": form})


@require_GET
@person_required
def show(request: PersonRequest, document_id: UUID) -> HttpResponse:
    """What the e-invoice of a document says, and which rules it breaks; a part of its page."""
    document = _found(request, document_id)
    try:
        report: EInvoiceReport | None = report_on(document, unsettled_too="check" in request.GET)
        problem = ""
    except Refused as refused:
        report, problem = None, refused.detail
    return render(
        request,
        "outtray/documents/e_invoice.html",
        {
            "document": document,
            "report": report,
            "problem": problem,
            "plural": KINDS[document.kind].plural("en"),
            "form_name": FORM_NAMES[report.wish.form] if report else "",
            "made": [(SYNTAX_NAMES[each.syntax], each) for each in report.made] if report else [],
        },
    )


@require_GET
@person_required
def xml(request: PersonRequest, document_id: UUID) -> HttpResponse:
    """The XML of a document in the `syntax` that is asked for, to be saved."""
    syntax = request.GET.get("syntax", "")
    if syntax not in set(Syntax):
        raise Http404
    made = xml_of(_found(request, document_id), Syntax(syntax))
    if made is None:
        raise Http404
    return download(made.content, XML_TYPE, made.filename)


def _kinds() -> list[Kind]:
    return [kind for kind in KINDS.values() if kind.xml]


def _found(request: PersonRequest, document_id: UUID) -> Document:
    documents = Document.objects.visible_to(request.membership).select_related("company")
    return get_object_or_404(documents, pk=document_id)


def _stored(company: Company) -> dict[str, str]:
    settled = EInvoices.of(company)
    profile = EInvoiceProfile.objects.filter(company=company).first() or EInvoiceProfile()
    stored = {
        name: str(getattr(profile, name))
        for name in ("tax_number", "zero_category", "zero_reason", "endpoint_scheme", "endpoint_id")
    }
    stored["units"] = "\n".join(f"{word} = {code}" for word, code in profile.units.items())
    for kind in _kinds():
        wish = settled.wish_for(kind.name)
        stored[f"{kind.name}-form"] = wish.form.value
        stored[f"{kind.name}-wrong"] = wish.when_wrong.value
    return stored


def _save(membership: Membership, form: EInvoicesForm) -> bool:
    typed = form.cleaned_data
    try:
        with transaction.atomic():
            settle_facts(membership, form.facts)
            for kind in _kinds():
                settle_form(
                    membership,
                    kind.name,
                    form=Form(typed[f"{kind.name}-form"]),
                    when_wrong=WhenWrong(typed[f"{kind.name}-wrong"]),
                )
    except Refused as refused:
        form.add_error(None, refused.detail)
        return False
    return True
