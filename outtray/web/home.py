"""Home: what needs you first, then today in numbers and the last days."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from outtray.documents.models import Document
from outtray.lib import clock
from outtray.outbox.counting import settled_counts, state_counts_of
from outtray.outbox.models import Email
from outtray.outbox.queries import attention
from outtray.outbox.states import State
from outtray.people.models import Company, Membership
from outtray.web.chart import Day, chart_of
from outtray.web.delivery_hold import hold_of
from outtray.web.mailboxes import user_email_of
from outtray.web.needs import needs_of
from outtray.web.run_needs import needs_of_runs, runs_under_way
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
    at = clock.now()
    days = _last_days(membership, timezone.localtime(at))
    page = {
        "needs": [
            *needs_of(membership, is_held=hold_of(request) is not None, at=at),
            *needs_of_runs(membership, at=at),
        ],
        "runs": runs_under_way(membership, at=at),
        "counts": state_counts_of(membership, State.QUEUED, State.SENDING, State.HELD),
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


def _last_days(membership: Membership, now: datetime) -> list[Day]:
    """What became final on each of the last days, by the person's own midnight.

    A count of each day walks its part of an index; grouping by day would compute the local
    date of every row (100,000 rows: half a second).
    """
    first = now.date() - timedelta(days=DAYS - 1)
    dates = [first + timedelta(days=number) for number in range(DAYS + 1)]
    midnights = [datetime.combine(each, time(), tzinfo=now.tzinfo) for each in dates]
    counts = settled_counts(membership, midnights)
    return [Day(day, *each) for day, each in zip(dates[:-1], counts, strict=True)]
