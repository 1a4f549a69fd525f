"""What a company settles about its e-invoices."""

from __future__ import annotations

from django.db import models

from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.wishes import Form, WhenWrong
from outtray.documents.schema.einvoice import Endpoint
from outtray.people.models import Company


class EInvoiceSetting(models.Model):
    """As what the documents of one kind go out. Without a row: as a PDF alone."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="einvoice_settings")
    kind = models.CharField(max_length=30)
    form = models.CharField(max_length=10, choices=[(form.value, form.value) for form in Form])
    when_wrong = models.CharField(
        max_length=15,
        choices=[(what.value, what.value) for what in WhenWrong],
        default=WhenWrong.HOLD.value,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "kind"], name="einvoice_setting_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.form}"


class EInvoiceProfile(models.Model):
    """What a company's papers leave open, for all its e-invoices. `units`: word to code."""

    company = models.OneToOneField(
        Company, on_delete=models.CASCADE, related_name="einvoice_profile", primary_key=True
    )
    tax_number = models.CharField(max_length=50, blank=True)
    endpoint_scheme = models.CharField(max_length=4, blank=True)
    endpoint_id = models.CharField(max_length=50, blank=True)
    zero_category = models.CharField(max_length=2, blank=True)
    zero_reason = models.CharField(max_length=200, blank=True)
    units = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"e-invoices of {self.company}"

    @property
    def facts(self) -> CompanyFacts:
        return CompanyFacts(
            tax_number=self.tax_number,
            endpoint=Endpoint(scheme=self.endpoint_scheme, id=self.endpoint_id),
            zero_category=self.zero_category,
            zero_reason=self.zero_reason,
            units=self.units,
        )
