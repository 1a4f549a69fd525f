"""What can be chosen is the same wherever it is offered."""

from __future__ import annotations

from typing import get_args

from outtray.api.layouts import LayoutFields
from outtray.api.values import EInvoiceForm
from outtray.documents.einvoice.wishes import Form
from outtray.documents.languages import LANGUAGES, Language
from outtray.documents.layouts import Layout
from outtray.documents.pdf.look import DESIGNS
from outtray.people.models import Company


def test_every_language_has_a_name() -> None:
    assert list(LANGUAGES) == list(get_args(Language))


def test_every_design_can_be_kept_and_has_a_name() -> None:
    assert Layout.Design.values == list(DESIGNS)


def test_programs_can_choose_every_form_of_e_invoice() -> None:
    assert get_args(EInvoiceForm) == ("", *Form)


def test_a_layout_of_the_api_knows_every_paper_of_a_company() -> None:
    papers = get_args(LayoutFields.model_fields["paper"].annotation)

    assert papers == ("", *Company.Paper.values)
