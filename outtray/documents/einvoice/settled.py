"""Reads what a company has settled, for one document or for a whole run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.settings import EInvoiceProfile, EInvoiceSetting
from outtray.documents.einvoice.wishes import EInvoiceWish, Form, WhenWrong
from outtray.people.models import Company


@dataclass(frozen=True, slots=True)
class EInvoices:
    """All that one company has settled, read with two queries; plain values from then on.

    `form` is for kinds of which nothing is settled.
    """

    by_kind: Mapping[str, EInvoiceWish]
    facts: CompanyFacts
    form: Form = Form.NONE

    @classmethod
    def of(cls, company: Company) -> EInvoices:
        profile = EInvoiceProfile.objects.filter(company=company).first()
        facts = profile.facts if profile else CompanyFacts()
        settings = EInvoiceSetting.objects.filter(company=company)
        return cls(
            {
                row.kind: EInvoiceWish(Form(row.form), WhenWrong(row.when_wrong), facts)
                for row in settings
            },
            facts,
        )

    def in_form(self, form: Form) -> EInvoices:
        """The same, but every kind in this form, as somebody chose for once."""
        known = {kind: replace(wish, form=form) for kind, wish in self.by_kind.items()}
        return replace(self, by_kind=known, form=form)

    def wish_for(self, kind: str) -> EInvoiceWish:
        """What is settled for the kind; without that, the PDF alone."""
        return self.by_kind.get(kind) or EInvoiceWish(self.form, facts=self.facts)
