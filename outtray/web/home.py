"""Home: what needs you first, then today in numbers and the last days."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from outtray.documents.models import Document
from outtray.lib import clock
from outtray.outbox.models import Email
from outtray.outbox.queries import attention, state_counts
from outtray.outbox.states import State
from outtray.people.models import Company, Membership
from outtray.web.chart import Day, chart_of
from outtray.web.mailboxes import user_email_of
from outtray.web.needs import needs_of
from outtray.web.session import PersonRequest, person_required

DAYS = 14


@require_GET
def show(request: HttpRequest) -> HttpResponseBase:
    """Home of the company; on a fresh installation the way to the set-up link."""
    if not request.user.is_authenticated and not Company.objects.exists():
        return render(request, "outtray/start_unset.html")
    return _home(request)


@require_GET
@person_required
def count_attention(request: PersonRequest) -> HttpResponse:
    """The count beside Email Queue, for the page to ask again."""
    waiting = attention(request.membership)
    return render(request, "outtray/parts/attention_count.html", {"waiting": waiting})


@person_required
def _home(request: PersonRequest) -> HttpResponse:
    membership = request.membership
    counts = state_counts(membership)
    days = _last_days(Email.objects.visible_to(membership), timezone.localtime(clock.now()))
    page = {
        "needs": needs_of(membership, counts),
        "counts": counts,
        "today": days[-1],
        "chart": chart_of(days) if any(day.total for day in days) else None,
        **_next_steps(membership),
    }
    return render(request, "outtray/home.html", page)


def _next_steps(membership: Membership) -> dict[str, bool]:
    """What is still to be done before the first document can leave."""
    has_mailbox = user_email_of(membership) is not None
    has_documents = Document.objects.visible_to(membership).exists()
    has_emails = Email.objects.visible_to(membership).exists()
    return {
        "has_mailbox": has_mailbox,
        "has_documents": has_documents,
        "has_emails": has_emails,
        "is_new": not (has_mailbox and has_documents and has_emails),
    }


def _last_days(emails: QuerySet[Email], now: datetime) -> list[Day]:
    """What became final on each of the last days, by the person's own midnight."""
    first = now.date() - timedelta(days=DAYS - 1)
    since = datetime.combine(first, time(), tzinfo=now.tzinfo)
    settled = emails.filter(state__in=(State.SENT, State.FAILED), settled_at__gte=since)
    counted = (
        settled.annotate(day=TruncDate("settled_at"))
        .order_by()
        .values_list("day", "state")
        .annotate(Count("pk"))
    )
    found: Counter[tuple[date, str]] = Counter({(day, state): n for day, state, n in counted})
    dates = [first + timedelta(days=number) for number in range(DAYS)]
    return [Day(day, found[day, State.SENT], found[day, State.FAILED]) for day in dates]
