"""Turns whatever ends a request early into a problem, also where no view was reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from outtray.api.problems import (
    MEDIA_TYPE,
    WrongField,
    plain_problem,
    problem,
    refused_problem,
)
from outtray.lib.errors import Refused
from outtray.lib.rate import TooManyRequests

ROOT = "/api/"


def handle(api: NinjaAPI) -> None:
    """Register what each kind of exception is answered with."""
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(TooManyRequests, _too_many)
    api.add_exception_handler(AuthenticationError, _unknown_key)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(RequestDataTooBig, _too_large)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(HttpError, _http_error)


class ProblemAnswers:
    """Answers under /api/ that no handler made are problems too: 404, 405, 411, 413, 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return self.get_response(request)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            return plain_problem(411)
        if length.isdigit() and int(length) > settings.MAX_IMPORT_BYTES:
            return plain_problem(413)
        response = self.get_response(request)
        if response.status_code < 400 or response.headers.get("Content-Type") == MEDIA_TYPE:
            return response
        kept = {name: response[name] for name in ("Allow",) if name in response}
        return plain_problem(response.status_code, headers=kept)


def _refused(request: HttpRequest, refused: Refused | type[Refused]) -> HttpResponse:  # noqa: ARG001
    assert isinstance(refused, Refused)
    return refused_problem(refused)


def _too_many(
    request: HttpRequest,  # noqa: ARG001
    busy: TooManyRequests | type[TooManyRequests],
) -> HttpResponse:
    assert isinstance(busy, TooManyRequests)
    return problem(
        429,
        "too_many_requests",
        f"Too many requests. Try again in {busy.seconds} seconds.",
        headers={"Retry-After": str(busy.seconds)},
    )


def _unknown_key(request: HttpRequest, error: object) -> HttpResponse:  # noqa: ARG001
    return plain_problem(401, headers={"WWW-Authenticate": 'Bearer realm="outtray"'})


def _invalid(
    request: HttpRequest,  # noqa: ARG001
    error: ValidationError | type[ValidationError],
) -> HttpResponse:
    assert isinstance(error, ValidationError)
    wrong = [
        WrongField(field=_field(found["loc"]), code=found["type"], message=found["msg"])
        for found in error.errors
    ]
    detail = f"{wrong[0].field}: {wrong[0].message}" if wrong else "The request is not valid."
    return problem(422, "invalid", detail, errors=wrong)


def _field(loc: Sequence[str | int]) -> str:
    """`("body", "wanted", "documents", 0)` as `documents[0]`; the first two are our own."""
    inner = loc[2:] if loc and loc[0] in {"body", "query"} and len(loc) > 2 else loc[1:]
    path = ""
    for step in inner:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.removeprefix(".") or str(loc[0] if loc else "")


def _too_large(request: HttpRequest, error: object) -> HttpResponse:  # noqa: ARG001
    return plain_problem(413)


def _missing(request: HttpRequest, error: object) -> HttpResponse:  # noqa: ARG001
    return plain_problem(404)


def _http_error(
    request: HttpRequest,  # noqa: ARG001
    error: HttpError | type[HttpError],
) -> HttpResponse:
    assert isinstance(error, HttpError)
    return plain_problem(error.status_code)
