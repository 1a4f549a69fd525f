"""Add to Email Queue: who will get what from whom, seen before it is sent."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from outtray.documents.kinds.registry import KINDS
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.lib.ids import new_id
from outtray.outbox.add_to_queue import Queued, add_to_queue, plan_letters
from outtray.outbox.planning import LetterPlan, letter_of
from outtray.runs.models import Run
from outtray.runs.plan import plan_run
from outtray.runs.steer import discard_run
from outtray.web.answers import complain
from outtray.web.chosen import Chosen, chosen_in
from outtray.web.files import enclosed
from outtray.web.frames import framed, letter_html
from outtray.web.identifiers import uuid_or_none
from outtray.web.planned import planned, preview_of
from outtray.web.queue_form import QueueForm, queue_form
from outtray.web.session import PersonRequest, person_required


@require_http_methods(["GET", "POST"])
@person_required
def create(request: PersonRequest) -> HttpResponse:
    """The dialog. A few documents go out by its button; of many a run is made, to be seen first."""
    given = request.POST if request.method == "POST" else request.GET
    chosen = chosen_in(given, request.membership)
    if not chosen.count:
        messages.warning(request, "No document was chosen. Tick some in the list first.")
        return redirect("documents")
    form = queue_form(request.membership, given, chosen)
    if request.method == "GET" or not form.is_valid():
        return _page(request, chosen, form)
    try:
        return _add(request, chosen, form)
    except Refused as refusal:
        complain(request, refusal)
        return _page(request, chosen, form)


@require_GET
@person_required
def letter(request: PersonRequest) -> HttpResponse:
    """One of the letters, as it would go out now."""
    try:
        return framed(letter_html(letter_of(_looked_at(request))))
    except Refused:
        return framed("")


@require_GET
@person_required
def file(request: PersonRequest, number: int) -> HttpResponse:
    """A file as it would go out with one of the letters."""
    try:
        enclosures = letter_of(_looked_at(request)).enclosures
    except Refused as refusal:
        raise Http404 from refusal
    if not 0 < number <= len(enclosures):
        raise Http404
    return enclosed(enclosures[number - 1])


def _looked_at(request: PersonRequest) -> LetterPlan:
    """The letter that the address asks to see."""
    chosen = chosen_in(request.GET, request.membership)
    form = queue_form(request.membership, request.GET, chosen)
    form.is_valid()
    wishes = form.wishes(chosen)
    plans, _ = plan_letters(chosen.documents, membership=request.membership, wishes=wishes)
    if not plans:
        raise Http404
    return _at(plans, request)


def _add(request: PersonRequest, chosen: Chosen, form: QueueForm) -> HttpResponse:
    at = clock.now()
    if chosen.is_many:
        wishes = form.run_wishes()
        run = plan_run(request.membership, chosen.selection, wishes, at=at, name=chosen.name)
        _forget(request)
        return redirect("run", run.pk)
    queued = add_to_queue(
        chosen.documents, membership=request.membership, wishes=form.wishes(chosen), at=at
    )
    problems = [each for each in queued if each.problem]
    if len(problems) == len(queued):
        return _page(request, chosen, form, problems)
    for each in problems[:3]:
        assert each.problem
        messages.error(request, f"{each.documents[0].number} was not added. {each.problem.detail}")
    return redirect("queue")


def _forget(request: PersonRequest) -> None:
    """The run in whose place this one was made, if it was never started."""
    run_id = uuid_or_none(request.POST.get("instead"))
    runs = Run.objects.visible_to(request.membership)
    before = runs.filter(pk=run_id, started_at__isnull=True).first() if run_id else None
    if before:
        discard_run(before)


def _page(
    request: PersonRequest,
    chosen: Chosen,
    form: QueueForm,
    problems: Sequence[Queued] = (),
) -> HttpResponse:
    form.is_valid()
    shown = {
        "form": form,
        "chosen": chosen,
        "kinds": [
            (KINDS[kind].plural("en") if count > 1 else KINDS[kind].label("en"), count)
            for kind, count in chosen.kinds.items()
        ],
        "key": form.data.get("key") or new_id(),
        "due_at": form.due_at,
        "instead": uuid_or_none(form.data.get("instead")),
        "query": _query(request),
        **({} if chosen.is_many else _plan(request, chosen, form, problems)),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "outtray/documents/queue.html", shown, status=status)


def _plan(
    request: PersonRequest, chosen: Chosen, form: QueueForm, problems: Sequence[Queued]
) -> dict[str, object]:
    wishes = form.wishes(chosen)
    plans, unfit = plan_letters(chosen.documents, membership=request.membership, wishes=wishes)
    letters = planned(plans)
    ready = [each for each in letters if wishes.again or not each.before]
    return {
        "planned": letters,
        "problems": problems or unfit,
        "ready": ready,
        "repeated": [each for each in letters if each.before],
        "from_addresses": list(dict.fromkeys(each.plan.mailbox.address for each in ready)),
        "preview": preview_of(_at(plans, request), plans) if plans else None,
    }


def _at(plans: Sequence[LetterPlan], request: PersonRequest) -> LetterPlan:
    """The letter that the page asks to see; the first, if it asks for none that is there."""
    wanted = request.GET.get("letter", "1")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 5 else 1
    return plans[number - 1] if 0 < number <= len(plans) else plans[0]


def _query(request: PersonRequest) -> str:
    """The page's wishes, for the address of a preview."""
    given = (request.POST if request.method == "POST" else request.GET).copy()
    for name in ("csrfmiddlewaretoken", "key", "letter"):
        given.pop(name, None)
    return given.urlencode()
