"""Compose: a letter with a document, with several of one party, or with none, edited freely."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from outtray.compose.attachments.check import LIMITS, MAX_BYTES
from outtray.compose.by_hand.begin import words_for
from outtray.compose.by_hand.drafts import files_of, require_version
from outtray.compose.by_hand.models import Draft, DraftFile
from outtray.compose.by_hand.opening_words import opening_words
from outtray.compose.letter import Letter
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.lib.ids import new_id
from outtray.outbox.accept import Terms, accept_all, keep_all, known_by_key
from outtray.outbox.models import Email
from outtray.outbox.seen import as_seen
from outtray.web.address_lists import listed
from outtray.web.answers import attach, complain
from outtray.web.identifiers import uuid_or_none, uuids
from outtray.web.letter_form import KINDS, LetterForm, initial_of
from outtray.web.letter_matter import Matter
from outtray.web.security import policy_with_style
from outtray.web.sending import sender_of, senders, terms_for
from outtray.web.session import PersonRequest, person_required


@require_GET
@person_required
def create(request: PersonRequest) -> HttpResponse:
    """A new letter: `?documents=` those that go along, `?party=` or `?to=` whom it is for."""
    given = request.GET
    ids = uuids([*given.getlist("documents"), *given.getlist("ids")])
    return _begin(request, ids, uuid_or_none(given.get("party")), to=given.get("to", "")[:1000])


@require_GET
@person_required
def create_for_document(request: PersonRequest, document_id: UUID) -> HttpResponse:
    """A new letter with this document."""
    return _begin(request, [document_id], None)


@require_http_methods(["GET", "POST"])
@person_required
def show(request: PersonRequest, draft_id: UUID) -> HttpResponse:
    """A draft taken up again, here or on another device; or the letter is sent."""
    if request.method == "POST":
        return _send(request, draft_id)
    draft = get_object_or_404(Draft.objects.visible_to(request.membership), pk=draft_id)
    try:
        matter = Matter.of_draft(request.membership, draft)
    except Refused as refusal:
        complain(request, refusal)
        return redirect("drafts")
    form = LetterForm(initial=dict(initial_of(draft)))
    offer(form, matter)
    return _page(request, draft_id, form, matter)


@require_GET
@person_required
def words(request: PersonRequest) -> HttpResponse:
    """What a template says in a language, for a letter with these documents."""
    given = request.GET
    try:
        matter = Matter.of(request.membership, uuids(given.getlist("documents")), None)
        if not matter.documents:
            raise Http404
        chosen = sender_of(senders(request.membership), given.get("sender", ""))
        letter, choice = words_for(
            matter.documents,
            mailbox=chosen or matter.sender(),
            membership=request.membership,
            template=uuid_or_none(given.get("template")),
            language=given.get("language") or None,
        )
    except Refused as refusal:
        return JsonResponse({"problem": refusal.detail}, status=422)
    html = opening_words(letter, request.membership)
    return JsonResponse({"subject": letter.subject, "html": html, "reason": choice.reason})


def posted(request: PersonRequest, draft_id: UUID) -> tuple[LetterForm, Matter]:
    """The form as it was posted, and what it is about.

    Raises Http404 for the draft of somebody else, and for documents that he cannot see.
    """
    is_another = Draft.objects.filter(pk=draft_id).exclude(
        pk__in=Draft.objects.visible_to(request.membership).values("pk")
    )
    if is_another.exists():
        raise Http404
    form = LetterForm(request.POST, request.FILES)
    form.offer(senders(request.membership))
    matter = Matter.of(request.membership, form.document_ids, form.party_id)
    offer(form, matter)
    return form, matter


def offer(form: LetterForm, matter: Matter) -> None:
    """The choices of this person, for this matter."""
    form.offer(senders(matter.membership))
    form.offer_templates(matter.templates())
    form.offer_layouts(matter.layouts())


def _begin(
    request: PersonRequest, document_ids: list[UUID], party_id: UUID | None, *, to: str = ""
) -> HttpResponse:
    try:
        matter = Matter.of(request.membership, document_ids, party_id)
    except Refused as refusal:
        complain(request, refusal)
        return redirect("documents")
    initial: dict[str, object] = {
        "timing": "now",
        "version": 0,
        "documents": ",".join(str(each.pk) for each in matter.documents),
        "party": str(party_id or ""),
        "to": to or _proposed_to(matter),
    }
    problem: Refused | None = None
    try:
        initial |= _filled(matter)
    except Refused as refusal:
        problem = refusal
    form = LetterForm(initial=initial)
    form.problem = problem
    offer(form, matter)
    return _page(request, new_id(), form, matter)


def _proposed_to(matter: Matter) -> str:
    """For a letter without documents: the party's first known address."""
    return str(matter.known[0].address.address) if matter.known and not matter.documents else ""


def _filled(matter: Matter) -> dict[str, object]:
    """From and words, as the rules and the template say."""
    if not matter.documents:
        signed = {"body": opening_words(None, matter.membership)}
        return {**signed, "sender": str(matter.sender().pk)}
    mailbox = matter.sender()
    letter, _ = words_for(matter.documents, mailbox=mailbox, membership=matter.membership)
    return {
        "sender": str(mailbox.pk),
        "subject": letter.subject,
        "body": opening_words(letter, matter.membership),
        **{kind: listed(matter.proposed, kind) for kind in KINDS},
    }


def _send(request: PersonRequest, draft_id: UUID) -> HttpResponse:
    try:
        form, matter = posted(request, draft_id)
    except Refused as refusal:
        complain(request, refusal)
        return redirect("drafts")
    if not form.is_valid():
        return _page(request, draft_id, form, matter)
    try:
        _accept(request, draft_id, form, matter)
    except Refused as refusal:
        return _refused(request, draft_id, form, matter, refusal)
    return redirect("queue")


def _accept(request: PersonRequest, draft_id: UUID, form: LetterForm, matter: Matter) -> None:
    """Afterwards there is an email and no draft any more: both, or neither."""
    at = clock.now()
    terms = _terms(request, draft_id, form, at=at)
    if known_by_key(request.membership.company_id, terms.key or "", terms.fingerprint):
        return
    draft = require_version(request.membership, draft_id, form.draft_version)
    files = [*(files_of(draft) if draft else ()), *form.uploaded()]
    letter, mailbox = matter.letter(form, files)
    _refuse_repeat(matter, letter, form)
    written = as_seen(draft, letter, mailbox=mailbox, at=at, seen=form.cleaned_data["seen"])
    prepared = keep_all([written])
    with transaction.atomic():
        require_version(request.membership, draft_id, form.draft_version)
        accept_all(prepared, terms)
        Draft.objects.visible_to(request.membership).filter(pk=draft_id).delete()


def _terms(request: PersonRequest, draft_id: UUID, form: LetterForm, *, at: datetime) -> Terms:
    """A draft is sent once: its id is the key."""
    replaced = form.cleaned_data.get("resend_of")
    visible = Email.objects.visible_to(request.membership)
    resend_of = visible.filter(pk=replaced).first() if replaced else None
    terms = terms_for(form, request.membership.person, at=at, key=draft_id)
    return replace(terms, fingerprint=form.fingerprint, resend_of=resend_of)


def _refuse_repeat(matter: Matter, letter: Letter, form: LetterForm) -> None:
    before = None if form.cleaned_data["again"] else matter.sent_before(letter.recipients)
    if before:
        numbers = " and ".join(document.number for document in matter.documents)
        raise Refused(
            "already_sent",
            f"{numbers} already went to {before.to_summary}, or is on its way. "
            "Tick “Send again” if you mean it.",
            field="again",
        )


def _refused(
    request: PersonRequest, draft_id: UUID, form: LetterForm, matter: Matter, refusal: Refused
) -> HttpResponse:
    """The form once more. What was overtaken can be sent by a second press."""
    if refusal.code == "draft_changed":
        attach(form, _overtaken(refusal))
        version = refusal.facts["version"]
        assert isinstance(version, int), "the draft's own"
        return _page(request, draft_id, form, matter, version=version)
    if refusal.code in ("draft_gone", "idempotency_key_reused"):
        attach(form, _gone(refusal))
        return _page(request, new_id(), form, matter, version=0)
    attach(form, refusal)
    return _page(request, draft_id, form, matter)


def _overtaken(refusal: Refused) -> Refused:
    return Refused(
        refusal.code,
        f"{refusal.detail} Here is your own text; the files are those of the other. Send again "
        "if yours is right, or open the draft anew to see the other.",
    )


def _gone(refusal: Refused) -> Refused:
    said = (
        refusal.detail
        if refusal.code == "draft_gone"
        else "This letter was sent already, with another text."
    )
    return Refused(
        refusal.code, f"{said} What stands here is a new letter now, without attached files."
    )


def _page(
    request: PersonRequest,
    draft_id: UUID,
    form: LetterForm,
    matter: Matter,
    *,
    version: int | None = None,
) -> HttpResponse:
    nonce = secrets.token_urlsafe(16)
    before = matter.sent_before(matter.proposed)
    shown = {
        "form": form,
        "draft_id": draft_id,
        "version": form.draft_version if version is None else version,
        "matter": matter,
        "files": DraftFile.objects.filter(
            draft__in=Draft.objects.visible_to(request.membership).filter(pk=draft_id)
        ).defer("content"),
        "limits": LIMITS,
        "most_bytes": MAX_BYTES,
        "before": before,
        "asks_again": before is not None or "again" in form.errors,
        "warnings": matter.warnings(form),
        "nonce": nonce,
        **addressed(form, matter),
    }
    status = 422 if form.errors else 200
    response = render(request, "outtray/letters/compose.html", shown, status=status)
    response.headers["Content-Security-Policy"] = policy_with_style(nonce)
    return response


def addressed(form: LetterForm, matter: Matter) -> dict[str, object]:
    """The addresses of the form with their reasons, and those that could be added."""
    everybody = matter.everybody(form) if form.is_bound else matter.proposed
    there = {each.address.address.key for each in everybody}
    return {
        "everybody": everybody,
        "offered": [each for each in matter.known if each.address.address.key not in there],
    }
