"""Drafts: the list of them, kept as one writes, deleted, made from an email once more."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from outtray.compose.by_hand.drafts import keep
from outtray.compose.by_hand.models import Draft
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.outbox.draft_again import draft_again
from outtray.outbox.models import Email
from outtray.web.answers import complain, tell
from outtray.web.compositions import addressed, posted
from outtray.web.session import PersonRequest, person_required
from outtray.web.times import time_of_day


@require_GET
@person_required
def index(request: PersonRequest) -> HttpResponse:
    """What this person has begun, the last one first."""
    mine = Draft.objects.visible_to(request.membership).defer("html", "seen_message")
    drafts = mine.select_related("party").annotate(file_count=Count("files"))
    return render(
        request, "outtray/letters/drafts.html", {"drafts": drafts.order_by("-changed_at")}
    )


@require_POST
@person_required
def save(request: PersonRequest, draft_id: UUID) -> HttpResponse:
    """Keep what stands in the form. Answers the new version, and the addresses' reasons."""
    try:
        form, matter = posted(request, draft_id)
        form.is_valid()
        at = clock.now()
        version = form.draft_version
        draft = keep(request.membership, draft_id, form.begun(), version=version, at=at)
    except Refused as refusal:
        return refused(refusal)
    reasons = render_to_string(
        "outtray/letters/reasons.html", addressed(form, matter), request=request
    )
    return JsonResponse(
        {
            "version": draft.version,
            "saved": f"Draft kept {time_of_day(at, at)}",
            "reasons": reasons,
        }
    )


@require_POST
@person_required
def delete(request: PersonRequest, draft_id: UUID) -> HttpResponse:
    """Throw it away, with its files."""
    get_object_or_404(Draft.objects.visible_to(request.membership), pk=draft_id).delete()
    tell(request, "The draft is deleted.")
    return redirect("drafts")


@require_POST
@person_required
def create_from_email(request: PersonRequest, email_id: UUID) -> HttpResponse:
    """An email once more as a draft: its words, its files, its documents as they are now."""
    email = get_object_or_404(Email.objects.visible_to(request.membership), pk=email_id)
    try:
        draft = draft_again(email, membership=request.membership, at=clock.now())
    except Refused as refusal:
        complain(request, refusal)
        return redirect("email", email.pk)
    return redirect("draft", draft.pk)


def refused(refusal: Refused) -> HttpResponse:
    """Why something of a draft was not kept, for the script of the page."""
    told = {"code": refusal.code, "problem": refusal.detail}
    if isinstance(version := refusal.facts.get("version"), int):
        told["version"] = str(version)
    return JsonResponse(told, status=409 if refusal.code.startswith("draft_") else 422)
