"""The page for a request that broke: a full disk is said in words, anything else is our mistake."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.views.defaults import server_error

from outtray.lib.disk import is_full


def broken(request: HttpRequest) -> HttpResponse:
    """Answer while the exception is being handled. Reads no row: the database may be what broke."""
    if is_full(sys.exc_info()[1]):
        return HttpResponse(get_template("507.html").render(), status=507)
    return server_error(request)
