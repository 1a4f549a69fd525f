"""What the dialog Add to Email Queue asks, and among what one can choose."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from django import forms
from django.http import QueryDict

from outtray.compose.rules.orders import SLOT_NAMES
from outtray.compose.templates.choice import BUILT_IN, choosable
from outtray.compose.templates.index import TemplateIndex
from outtray.compose.templates.shipped import purpose_name
from outtray.documents.einvoice.wishes import Form
from outtray.documents.layouts import Layout
from outtray.outbox.add_to_queue import Wishes
from outtray.people.models import Membership
from outtray.runs.wishes import RunWishes
from outtray.web.chosen import Chosen
from outtray.web.identifiers import uuid_or_none
from outtray.web.sending import NOW, UNDO_SECONDS, SendingForm, senders

USUAL = "usual"
SETTLED = ""
E_INVOICES = (
    (SETTLED, "As settled for each kind"),
    (Form.NONE.value, "The PDF alone"),
    (Form.FACTUR_X.value, "Factur-X, inside the PDF"),
    (Form.UBL.value, "UBL, as a file of its own"),
    (Form.BOTH.value, "Factur-X and UBL"),
)


class QueueForm(SendingForm):
    """The dialog's wishes. What is not chosen is as the company has settled it."""

    says_optional = False

    layout = forms.ChoiceField(label="Document", required=False)
    template = forms.ChoiceField(label="Email Template", required=False)
    recipient = forms.ChoiceField(
        label="Recipient",
        required=False,
        choices=[(SETTLED, "The usual order of each kind"), *SLOT_NAMES.items()],
    )
    combine = forms.BooleanField(label="Combine attachments per recipient", required=False)
    e_invoice = forms.ChoiceField(label="E-invoice", required=False, choices=E_INVOICES)
    key = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)

    def wishes(self, chosen: Chosen) -> Wishes:
        """For a few documents, at once."""
        given = self.cleaned_data
        return Wishes(
            mailbox=self.mailbox,
            template=uuid_or_none(given.get("template")),
            layout=uuid_or_none(given.get("layout")),
            recipient=given.get("recipient", ""),
            e_invoice=given.get("e_invoice", ""),
            combine=given.get("combine", False),
            due_at=self.due_at,
            undo_seconds=UNDO_SECONDS,
            again=given.get("again", False),
            key=f"page:{given['key']}" if given.get("key") else None,
            fingerprint=_fingerprint(chosen, given),
        )

    def run_wishes(self) -> RunWishes:
        """For many, as a run."""
        given = self.cleaned_data
        return RunWishes(
            mailbox=self.mailbox.pk if self.mailbox else None,
            template=uuid_or_none(given.get("template")),
            layout=uuid_or_none(given.get("layout")),
            recipient=given.get("recipient", ""),
            combine=given.get("combine", False),
            due_at=self.due_at,
            e_invoice=given.get("e_invoice", ""),
            again=given.get("again", False),
        )


def queue_form(membership: Membership, given: QueryDict, chosen: Chosen) -> QueueForm:
    """The dialog, filled, with what this person may choose for these documents."""
    form = QueueForm({"sender": USUAL, "timing": NOW, **given.dict()})
    form.offer(senders(membership), (USUAL, "The usual sender of each kind"))
    _offer(form, "layout", _layouts(membership))
    _offer(form, "template", _templates(membership, chosen, combines="combine" in given))
    return form


def _offer(form: QueueForm, name: str, choices: list[tuple[str, object]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _layouts(membership: Membership) -> list[tuple[str, object]]:
    own = Layout.objects.visible_to(membership).order_by("name")
    settled = (SETTLED, "PDF in the layout of the company")
    return [settled, *((str(each.pk), each.name) for each in own)]


def _templates(
    membership: Membership, chosen: Chosen, *, combines: bool
) -> list[tuple[str, object]]:
    """Those for each of the kinds, and for several together where that may come."""
    settled = (SETTLED, "As settled for each customer and kind")
    built_in = (str(BUILT_IN), "The built-in letter of each kind")
    purposes = [*chosen.kinds, *(("several",) if combines else ())]
    return [settled, built_in, *_groups(membership, purposes)]


def _groups(membership: Membership, purposes: Sequence[str]) -> Iterator[tuple[str, object]]:
    index = TemplateIndex.of(membership.company_id)
    for purpose in purposes:
        known = [(str(each.id), each.name) for each in choosable(index, purpose, membership)]
        if known:
            yield (purpose_name(purpose).capitalize(), known)


def _fingerprint(chosen: Chosen, given: dict[str, object]) -> str:
    asked = [str(document.pk) for document in chosen.documents], sorted(given.items(), key=str)
    return hashlib.sha256(repr(asked).encode()).hexdigest()
