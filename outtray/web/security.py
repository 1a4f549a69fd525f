"""What holds for every page: its Content-Security-Policy (our own files only, no inline script,
no eval), and that no address asks for the sign NUL."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)


class ContentSecurityPolicy:
    """Adds the policy to every answer that does not bring a stricter one of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class NoNull:
    """Refuses addresses with NUL: no text has one, and PostgreSQL cannot even look for it.

    The API says itself which field holds it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_page = not request.path_info.startswith("/api/")
        if is_page and "%00" in request.META["QUERY_STRING"]:
            raise BadRequest("The address contains NUL.")
        return self.get_response(request)


def policy_with_style(nonce: str) -> str:
    """The same policy for the page whose editor brings one style element of its own."""
    return POLICY.replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'")
