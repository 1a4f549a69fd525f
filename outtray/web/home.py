"""Home: what needs you first, then today in numbers and the last days."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from outtray.outbox.queries import attention
from outtray.people.models import Company
from outtray.web.session import PersonRequest, person_required


def show(request: HttpRequest) -> HttpResponseBase:
    """Home of the company; on a fresh installation the way to the set-up link."""
    if not request.user.is_authenticated and not Company.objects.exists():
        return render(request, "outtray/start_unset.html")
    return _home(request)


@person_required
def _home(request: PersonRequest) -> HttpResponse:
    return render(request, "outtray/home.html")


@person_required
def count_attention(request: PersonRequest) -> HttpResponse:
    """The count beside Email Queue, for the page to ask again."""
    waiting = attention(request.membership)
    return render(request, "outtray/parts/attention_count.html", {"waiting": waiting})
