"""Settings of the company: what stands on its documents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.forms import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods
from stdnum import bic, iban

from outtray.documents.languages import LANGUAGES
from outtray.documents.logo import check_logo
from outtray.lib.errors import Refused
from outtray.mail.address import Address, AddressError
from outtray.people.models import Company
from outtray.web.answers import tell
from outtray.web.profile import ZONES
from outtray.web.session import PersonRequest, administrator_required, person_required

IMAGE_TYPES = {"png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml"}
# A logo is shown as an image; opened by itself it may still do nothing at all.
LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def _text(label: str, length: int, *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=required)


class CompanyForm(forms.Form):
    """The company as its documents show it. Only its name is needed."""

    says_optional = False
    name = _text("Name", 200, required=True)
    street = _text("Street and number", 200)
    postcode = _text("Postcode", 20)
    city = _text("City", 100)
    region = _text("State or region", 100)
    country = forms.CharField(
        label="Country",
        required=False,
        max_length=2,
        validators=[RegexValidator("^[A-Za-z]{2}$", "Two letters, such as DE or US.")],
    )
    email = _text("Email", 254)
    phone = _text("Phone", 50)
    website = _text("Website", 200)
    vat_id = _text("VAT number", 30)
    registration = _text("Registration", 100)
    bank_name = _text("Bank", 100)
    iban = _text("IBAN", 42)
    bic = _text("BIC", 11)
    language = forms.ChoiceField(label="Language", choices=LANGUAGES)
    timezone = forms.ChoiceField(
        label="Time zone",
        choices=[("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in ZONES)],
    )
    paper = forms.ChoiceField(label="Paper", choices=Company.Paper.choices)
    colour = forms.CharField(
        label="Colour",
        widget=forms.TextInput(attrs={"type": "color"}),
        validators=[RegexValidator("^#[0-9a-fA-F]{6}$", "A colour such as #1f4f82.")],
    )
    logo = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.svg"}),
    )
    without_logo = forms.BooleanField(label="Remove the logo", required=False)

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean_email(self) -> str:
        return _address(self.cleaned_data["email"])

    def clean_iban(self) -> str:
        typed = iban.compact(self.cleaned_data["iban"])
        if typed and not iban.is_valid(typed):
            raise forms.ValidationError("This IBAN is not right: its check digits do not fit.")
        return str(typed)

    def clean_bic(self) -> str:
        typed = bic.compact(self.cleaned_data["bic"])
        if typed and not bic.is_valid(typed):
            raise forms.ValidationError("A BIC has 8 or 11 letters and digits.")
        return str(typed)


@require_http_methods(["GET", "POST"])
@administrator_required
def show(request: PersonRequest) -> HttpResponse:
    company = request.membership.company
    form = CompanyForm(
        request.POST or None,
        request.FILES or None,
        initial=model_to_dict(company, exclude=["logo"]),
    )
    if form.is_valid() and _save(company, form):
        tell(request, "The company is saved. New documents show it.")
        return redirect("company")
    return render(request, "outtray/settings/company.html", {"form": form, "company": company})


@require_GET
@person_required
def logo(request: PersonRequest) -> HttpResponse:
    """The company's logo, for the pages."""
    company = request.membership.company
    if not company.logo:
        raise Http404
    content = settings.BLOBS.get(company.logo)
    headers = {"Content-Security-Policy": LOGO_POLICY, "Cache-Control": "private, max-age=300"}
    return HttpResponse(content, content_type=IMAGE_TYPES[company.logo_format], headers=headers)


def _save(company: Company, form: CompanyForm) -> bool:
    changes: dict[str, Any] = dict(form.cleaned_data)
    upload: UploadedFile[bytes] | None = changes.pop("logo")
    if changes.pop("without_logo"):
        changes |= {"logo": "", "logo_format": ""}
    if upload:
        try:
            changes |= _kept_logo(upload)
        except Refused as refused:
            form.add_error("logo", refused.detail)
            return False
    Company.objects.filter(pk=company.pk).update(**changes)
    return True


def _kept_logo(upload: UploadedFile[bytes]) -> dict[str, str]:
    admitted = check_logo(upload.read())
    return {"logo": settings.BLOBS.put(admitted.content), "logo_format": admitted.format}


def _address(typed: str) -> str:
    try:
        return str(Address.parse(typed)) if typed else ""
    except AddressError as wrong:
        raise forms.ValidationError(f"{wrong}.".capitalize()) from wrong
