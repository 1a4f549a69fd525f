"""Documents: a Centre for each kind and one for all, narrowed by links that can be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document, DocumentStatus, Party
from outtray.lib import clock
from outtray.outbox.document_filter import EMAIL_STATES, DocumentFilter
from outtray.outbox.queries import DocumentEmailState, document_states
from outtray.people.models import Membership
from outtray.web.paging import Order, headings, order_of, page_after
from outtray.web.periods import PERIODS, days_of
from outtray.web.session import PersonRequest, person_required

_SORTS = {
    "number": "number",
    "party": "party__name",
    "date": "date",
    "due": "due_date",
    "amount": "total",
}
_COLUMNS = (
    ("Number", "number", ""),
    ("Party", "party", ""),
    ("Date", "-date", ""),
    ("Due", "due", ""),
    ("Amount", "-amount", "num"),
    ("Email", "", ""),
)
_SHOWN = ("kind", "number", "party__name", "date", "due_date", "total", "currency", "status")
_MOST_COUNTED = 1_000
_MOST_PARTIES = 8


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as a list shows it."""

    document: Document
    kind: str
    email: DocumentEmailState | None
    is_overdue: bool


@require_GET
@person_required
def index(request: PersonRequest, kind: str = "") -> HttpResponse:
    if kind and kind not in KINDS:
        raise Http404
    narrowed = filter_of(request.GET, kind)
    order = order_of(request.GET.get("sort", ""), _SORTS, default="-date")
    found = _sortable(narrowed.found(request.membership), order, request.membership)
    mine = Document.objects.visible_to(request.membership)
    whole = mine.select_related("party").only(*_SHOWN)
    after = request.GET.get("after", "")
    page = page_after(found, order, after, whole=whole)
    is_all = not after and not page.following
    return render(
        request,
        "outtray/documents/index.html",
        {
            "kind": kind,
            "title": KINDS[kind].plural("en") if kind else "Documents",
            "kinds": [(name, each.plural("en")) for name, each in KINDS.items()],
            "rows": document_rows(page.rows),
            "count": len(page.rows) if is_all else _counted(narrowed, request.membership),
            "is_all": is_all,
            "headings": headings(order, _COLUMNS),
            "newer": _address(request, after="") if after else "",
            "older": _address(request, after=page.following) if page.following else "",
            **_filters(request, narrowed),
        },
    )


@require_GET
@person_required
def count(request: PersonRequest) -> HttpResponse:
    """How many documents a filter finds, all of them counted."""
    found = filter_of(request.GET).found(request.membership)
    return HttpResponse(str(found.count()), content_type="text/plain")


@require_GET
@person_required
def parties(request: PersonRequest) -> HttpResponse:
    """Those whose name or number begins or goes on like this, as links of the list's filter."""
    text = request.GET.get("name", "").strip()[:100]
    known = Party.objects.visible_to(request.membership)
    if text:
        known = known.filter(name__icontains=text) | known.filter(number__istartswith=text)
    narrowed = filter_of(request.GET).words()
    kept = QueryDict(mutable=True)
    kept.update(_kept(request.GET, narrowed))
    kept.pop("party", None)
    shown = {
        "parties": known.order_by("name")[:_MOST_PARTIES],
        "kind": narrowed.get("kind", ""),
        "kept": kept,
    }
    return render(request, "outtray/documents/party_choices.html", shown)


def filter_of(given: QueryDict, kind: str = "") -> DocumentFilter:
    """What an address asks for; a period becomes the days that it means today."""
    narrowed = DocumentFilter.read({**given.dict(), **({"kind": kind} if kind else {})})
    days = days_of(given.get("period", ""), timezone.localtime(clock.now()).date())
    return replace(narrowed, since=days[0], until=days[1]) if days else narrowed


def document_rows(documents: Sequence[Document]) -> list[DocumentRow]:
    """One query for the email states of all of them."""
    states = document_states(documents)
    today = timezone.localtime(clock.now()).date()
    return [
        DocumentRow(
            document,
            KINDS[document.kind].label("en"),
            states.get(document.pk),
            is_overdue=document.status == DocumentStatus.OPEN
            and document.due_date is not None
            and document.due_date < today,
        )
        for document in documents
    ]


def _sortable(
    documents: QuerySet[Document], order: Order, membership: Membership
) -> QuerySet[Document]:
    """The same documents. By party it is said that all parties are theirs, and have a name.

    So a database begins with the index of names, and reads no further than the page goes.
    """
    if order.name != "party":
        return documents
    return documents.filter(party__company=membership.company_id, party__name__gte="")


def _counted(narrowed: DocumentFilter, membership: Membership) -> str:
    """Up to a thousand; nothing where the emails of each document would have to be read."""
    if narrowed.email:
        return ""
    some = narrowed.found(membership)[: _MOST_COUNTED + 1].count()
    return f"{_MOST_COUNTED:,}+" if some > _MOST_COUNTED else f"{some:,}"


def _filters(request: PersonRequest, narrowed: DocumentFilter) -> Mapping[str, object]:
    """What the bar above the list shows of the filter."""
    words = narrowed.words()
    period = request.GET.get("period", "")
    return {
        "narrowed": narrowed,
        "is_narrowed": bool(words.keys() - {"kind"}),
        "words": words,
        "kept": _kept(request.GET, words),
        "party": _party(request.membership, narrowed.party),
        "email_states": EMAIL_STATES,
        "email_word": EMAIL_STATES.get(narrowed.email, ""),
        "statuses": dict(DocumentStatus.choices),
        "status_word": DocumentStatus(narrowed.status).label if narrowed.status else "",
        "periods": PERIODS,
        "period": period if period in PERIODS else "",
        "period_word": _days_told(narrowed, period),
        "amount_word": _between(narrowed.least, narrowed.most),
    }


def _party(membership: Membership, party_id: UUID | None) -> Party | None:
    known = Party.objects.visible_to(membership)
    return known.filter(pk=party_id).first() if party_id else None


def _kept(given: QueryDict, words: Mapping[str, str]) -> dict[str, str]:
    """The filter and the order as an address has them: a period stays one."""
    period = given.get("period", "")
    dropped = {"kind", "since", "until"} if period in PERIODS else {"kind"}
    more = {"period": period if period in PERIODS else "", "sort": given.get("sort", "")}
    kept = {name: word for name, word in words.items() if name not in dropped}
    return {**kept, **{name: word for name, word in more.items() if word}}


def _days_told(narrowed: DocumentFilter, period: str) -> str:
    if period in PERIODS:
        return PERIODS[period]
    first, last = (f"{day:%-d %b %Y}" if day else "" for day in (narrowed.since, narrowed.until))
    return first if first == last else _between(first, last)


def _between(least: object, most: object) -> str:
    """A stretch with one or two ends; no end is None or empty."""
    if most in (None, ""):
        return "" if least in (None, "") else f"from {least}"
    return f"up to {most}" if least in (None, "") else f"{least} to {most}"


def _address(request: PersonRequest, **changes: str) -> str:
    parameters = request.GET.copy()
    for name, value in changes.items():
        parameters[name] = value
    return f"{request.path}?{parameters.urlencode()}"
