"""Compose: the letter of one document, edited by a person before it goes."""

from __future__ import annotations

import secrets
from dataclasses import replace
from html import escape
from typing import Any, Literal
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from outtray.compose.editing import editable_html
from outtray.compose.letter import Letter, LetterFile, compose
from outtray.compose.recipients import Addressee, recipients_for, without_duplicates
from outtray.compose.sender import sender_for
from outtray.compose.warnings import warnings_for
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.lib.ids import new_id
from outtray.mailboxes.models import Mailbox
from outtray.outbox.accept import accept
from outtray.outbox.add_to_queue import already_sent
from outtray.web.address_lists import AddressListField, listed
from outtray.web.answers import attach
from outtray.web.frames import framed, letter_html
from outtray.web.security import policy_with_style
from outtray.web.sending import SendingForm, sender_of, senders, terms_for
from outtray.web.session import PersonRequest, person_required
from outtray.web.uploads import FilesField

_KINDS: tuple[Literal["to", "cc", "bcc"], ...] = ("to", "cc", "bcc")


class LetterForm(SendingForm):
    """A letter as a person edits it. `problem` is what kept it from being filled."""

    problem: Refused | None = None

    to = AddressListField(label="To")
    cc = AddressListField(label="Cc", required=False)
    bcc = AddressListField(label="Bcc", required=False)
    subject = forms.CharField(label="Subject", max_length=500)
    body = forms.CharField(label="Text", max_length=200_000, widget=forms.HiddenInput)
    more = FilesField(label="More attachments", required=False)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
@person_required
def create(request: PersonRequest, document_id: UUID) -> HttpResponse:
    document = _document(request, document_id)
    mailboxes = senders(request.membership)
    if request.method == "GET":
        return _page(request, document, _fresh(request, document, mailboxes))
    form = LetterForm(request.POST, request.FILES)
    form.offer(mailboxes)
    if not form.is_valid():
        return _page(request, document, form)
    try:
        letter, mailbox = _letter(document, form)
        _refuse_repeat(document, letter, form)
        key = form.cleaned_data["key"]
        terms = terms_for(form, request.membership.person, at=clock.now(), key=key)
        accept(letter, mailbox=mailbox, terms=terms)
    except Refused as refusal:
        attach(form, refusal)
        return _page(request, document, form)
    return redirect("queue")


@require_POST
@person_required
def letter(request: PersonRequest, document_id: UUID) -> HttpResponse:
    """The letter as it stands in the form, for the preview."""
    document = _document(request, document_id)
    form = LetterForm(request.POST)
    form.offer(senders(request.membership))
    form.is_valid()
    try:
        made, _ = _letter(document, form)
    except Refused as refusal:
        return framed(f"<p>{escape(refusal.detail)}</p>")
    return framed(letter_html(made))


def _document(request: PersonRequest, document_id: UUID) -> Document:
    documents = Document.objects.visible_to(request.membership).select_related("party", "company")
    return get_object_or_404(documents, pk=document_id)


def _fresh(request: PersonRequest, document: Document, mailboxes: list[Mailbox]) -> LetterForm:
    """The form filled as the document's template and addresses say."""
    initial: dict[str, object] = {"timing": "now"}
    problem: Refused | None = None
    try:
        mailbox = sender_for(document, request.membership).mailbox
        initial["sender"] = str(mailbox.pk)
        made = compose([document], mailbox=mailbox, recipients=_recipients_or_none(document))
        initial.update(subject=made.subject, body=_in_one_block(editable_html(made.body)))
        initial.update({kind: listed(made.recipients, kind) for kind in _KINDS})
    except Refused as refusal:
        problem = refusal
    form = LetterForm(initial=initial)
    form.offer(mailboxes)
    form.problem = problem
    return form


def _in_one_block(html: str) -> str:
    """Paragraphs as the editor keeps them apart: by empty lines within one block."""
    return (
        f"<div>{html.removeprefix('<p>').removesuffix('</p>').replace('</p><p>', '<br><br>')}</div>"
    )


def _recipients_or_none(document: Document) -> tuple[Addressee, ...]:
    """Without an address the letter can still be written, and the address typed in."""
    try:
        return recipients_for(document, by_hand=True)
    except Refused:
        return ()


def _letter(document: Document, form: LetterForm) -> tuple[Letter, Mailbox]:
    given = form.cleaned_data
    mailbox = form.mailbox
    if mailbox is None:
        raise Refused("no_sender", "Choose from which mailbox it is sent.", field="sender")
    made = compose(
        [document],
        mailbox=mailbox,
        recipients=_everybody(document, form),
        subject=given.get("subject") or " ",
        html=given.get("body") or "",
    )
    files = tuple(_file(each) for each in given.get("more") or ())
    return replace(made, enclosures=made.enclosures + files), mailbox


def _everybody(document: Document, form: LetterForm) -> tuple[Addressee, ...]:
    """Those in the form; the reason of an address that was proposed stays with it."""
    reasons = {each.address.address.key: each.reason for each in _recipients_or_none(document)}
    everybody = [
        Addressee(kind, named, reasons.get(named.address.key, "Entered by hand"))
        for kind in _KINDS
        for named in form.cleaned_data.get(kind) or ()
    ]
    return without_duplicates(everybody)


def _refuse_repeat(document: Document, made: Letter, form: LetterForm) -> None:
    before = None if form.cleaned_data["again"] else already_sent([document], made.recipients)
    if before:
        raise Refused(
            "already_sent",
            f"{document.number} already went to {before.to_summary}. Tick “Send again” if you "
            "mean it.",
            field="again",
        )


def _file(upload: UploadedFile[Any]) -> LetterFile:
    name = upload.name or "attachment"
    return LetterFile(name, upload.content_type or "application/octet-stream", upload.read())


def _page(request: PersonRequest, document: Document, form: LetterForm) -> HttpResponse:
    nonce = secrets.token_urlsafe(16)
    proposed = _recipients_or_none(document)
    kind = KINDS[document.kind]
    mailbox = sender_of(form.mailboxes, str(form["sender"].value() or ""))
    before = already_sent([document], proposed) if proposed else None
    shown = {
        "form": form,
        "document": document,
        "label": kind.label("en"),
        "proposed": proposed,
        "before": before,
        "asks_again": before is not None or "again" in form.errors,
        "warnings": warnings_for([document], mailbox, proposed) if mailbox else [],
        "key": form["key"].value() or new_id(),
        "nonce": nonce,
    }
    status = 422 if form.errors else 200
    response = render(request, "outtray/documents/compose.html", shown, status=status)
    response.headers["Content-Security-Policy"] = policy_with_style(nonce)
    return response
