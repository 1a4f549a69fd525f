"""Add to Email Queue: who will get what from whom, seen before it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from outtray.compose.letter import Letter, compose
from outtray.compose.warnings import LetterWarning, warnings_for
from outtray.documents.models import Document
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.lib.ids import new_id
from outtray.outbox.add_to_queue import (
    MAX_DOCUMENTS,
    Draft,
    Queued,
    Wishes,
    add_to_queue,
    already_sent,
    plan,
)
from outtray.outbox.models import Email
from outtray.web.answers import complain
from outtray.web.frames import framed, letter_html
from outtray.web.identifiers import uuids
from outtray.web.sending import NOW, UNDO_SECONDS, SendingForm, senders
from outtray.web.session import PersonRequest, person_required

USUAL = "usual"


class QueueForm(SendingForm):
    """The dialog's wishes."""

    combine = forms.BooleanField(label="Combine attachments per recipient", required=False)
    key = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)

    def wishes(self, documents: Sequence[Document]) -> Wishes:
        given = self.cleaned_data
        return Wishes(
            mailbox=self.mailbox,
            combine=given.get("combine", False),
            due_at=self.due_at,
            undo_seconds=UNDO_SECONDS,
            again=given.get("again", False),
            key=f"page:{given['key']}" if given.get("key") else None,
            fingerprint=_fingerprint(documents, given),
        )


@dataclass(frozen=True, slots=True)
class Planned:
    """A letter before it is accepted, with what speaks against it."""

    number: int
    draft: Draft
    before: Email | None
    warnings: list[LetterWarning]


@require_http_methods(["GET", "POST"])
@person_required
def create(request: PersonRequest) -> HttpResponse:
    documents = _chosen(request)
    if not documents:
        messages.warning(request, "No document was chosen. Tick some in the list first.")
        return redirect("documents")
    given = request.POST if request.method == "POST" else request.GET
    form = _form(request, given)
    if request.method == "GET" or not form.is_valid():
        return _page(request, documents, form)
    try:
        queued = add_to_queue(
            documents,
            membership=request.membership,
            wishes=form.wishes(documents),
            at=clock.now(),
        )
    except Refused as refusal:
        complain(request, refusal)
        return _page(request, documents, form)
    return _answer(request, documents, form, queued)


@require_GET
@person_required
def letter(request: PersonRequest) -> HttpResponse:
    """One of the letters, as it would go out now."""
    form = _form(request, request.GET)
    form.is_valid()
    documents = _chosen(request)
    drafts, _ = plan(documents, membership=request.membership, wishes=form.wishes(documents))
    try:
        return framed(letter_html(_composed(_at(drafts, request))))
    except (Refused, IndexError):
        return framed("")


def _form(request: PersonRequest, given: QueryDict) -> QueueForm:
    form = QueueForm({"sender": USUAL, "timing": NOW, **given.dict()})
    form.offer(senders(request.membership), (USUAL, "The usual sender of each kind"))
    return form


def _answer(
    request: PersonRequest, documents: list[Document], form: QueueForm, queued: list[Queued]
) -> HttpResponse:
    """To the queue, if anything was added; what was not says so."""
    problems = [each for each in queued if each.problem]
    if len(problems) == len(queued):
        return _page(request, documents, form, problems)
    for each in problems[:3]:
        assert each.problem
        messages.error(request, f"{each.documents[0].number} was not added. {each.problem.detail}")
    return redirect("queue")


def _page(
    request: PersonRequest,
    documents: list[Document],
    form: QueueForm,
    problems: list[Queued] | None = None,
) -> HttpResponse:
    form.is_valid()
    wishes = form.wishes(documents)
    drafts, unfit = plan(documents, membership=request.membership, wishes=wishes)
    planned = [_planned(number, draft) for number, draft in enumerate(drafts, 1)]
    ready = [each for each in planned if wishes.again or not each.before]
    shown = {
        "form": form,
        "key": form.data.get("key") or new_id(),
        "documents": documents,
        "ids": ",".join(str(document.pk) for document in documents),
        "planned": planned,
        "problems": problems or unfit,
        "ready": ready,
        "repeated": [each for each in planned if each.before],
        "from_addresses": list(dict.fromkeys(each.draft.mailbox.address for each in ready)),
        "preview": _preview(request, drafts),
        "due_at": wishes.due_at,
        "query": _query(request),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "outtray/documents/queue.html", shown, status=status)


def _planned(number: int, draft: Draft) -> Planned:
    before = already_sent(draft.documents, draft.recipients)
    warnings = warnings_for(draft.documents, draft.mailbox, draft.recipients)
    return Planned(number, draft, before, warnings)


@dataclass(frozen=True, slots=True)
class Preview:
    """The letter that is shown beside the choices."""

    number: int
    letter: Letter | None
    warnings: list[LetterWarning]
    problem: str = ""


def _preview(request: PersonRequest, drafts: list[Draft]) -> Preview | None:
    if not drafts:
        return None
    draft = _at(drafts, request)
    number = drafts.index(draft) + 1
    try:
        made = _composed(draft)
    except Refused as refusal:
        return Preview(number, None, [], refusal.detail)
    size = warnings_for(draft.documents, draft.mailbox, draft.recipients, letter=made)
    return Preview(number, made, [each for each in size if each.code == "too_large"])


def _composed(draft: Draft) -> Letter:
    return compose(draft.documents, mailbox=draft.mailbox, recipients=draft.recipients)


def _at(drafts: list[Draft], request: PersonRequest) -> Draft:
    """The letter that the page asks to see; the first, if it asks for none that is there."""
    wanted = request.GET.get("letter", "1")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 5 else 1
    return drafts[number - 1] if 0 < number <= len(drafts) else drafts[0]


def _chosen(request: PersonRequest) -> list[Document]:
    """What was ticked, in the order in which it was."""
    given = request.POST if request.method == "POST" else request.GET
    ids = uuids(given.getlist("ids"))
    if len(ids) > MAX_DOCUMENTS:
        messages.warning(request, f"Only the first {MAX_DOCUMENTS} of them fit into one go.")
        ids = ids[:MAX_DOCUMENTS]
    mine = Document.objects.visible_to(request.membership).filter(pk__in=ids)
    found = {each.pk: each for each in mine.select_related("party", "company")}
    return [found[each] for each in ids if each in found]


def _fingerprint(documents: Sequence[Document], given: dict[str, object]) -> str:
    asked = [str(document.pk) for document in documents], sorted(given.items(), key=str)
    return hashlib.sha256(repr(asked).encode()).hexdigest()


def _query(request: PersonRequest) -> str:
    """The page's wishes, for the address of a preview."""
    given = (request.POST if request.method == "POST" else request.GET).copy()
    for name in ("csrfmiddlewaretoken", "key", "letter"):
        given.pop(name, None)
    return given.urlencode()
