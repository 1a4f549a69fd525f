"""Errors as `application/problem+json` (RFC 9457), each with a stable code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from http import HTTPStatus
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, JsonResponse
from pydantic import BaseModel, Field

from outtray.lib.errors import Refused

MEDIA_TYPE = "application/problem+json"

# Refusals that are more than input that cannot be used (422).
_STATUS: Mapping[str, HTTPStatus] = {
    "already_sent": HTTPStatus.CONFLICT,
    "database_older": HTTPStatus.SERVICE_UNAVAILABLE,
    "disk_full": HTTPStatus.INSUFFICIENT_STORAGE,
    "duplicate_key": HTTPStatus.BAD_REQUEST,
    "empty": HTTPStatus.BAD_REQUEST,
    "mailbox_in_use": HTTPStatus.CONFLICT,
    "name_taken": HTTPStatus.CONFLICT,
    "not_allowed": HTTPStatus.FORBIDDEN,
    "not_held": HTTPStatus.CONFLICT,
    "not_json": HTTPStatus.BAD_REQUEST,
    "not_paused": HTTPStatus.CONFLICT,
    "not_resumable": HTTPStatus.CONFLICT,
    "not_unknown": HTTPStatus.CONFLICT,
    "not_utf8": HTTPStatus.BAD_REQUEST,
    "too_deep": HTTPStatus.BAD_REQUEST,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_late": HTTPStatus.CONFLICT,
    "too_many_detections": HTTPStatus.TOO_MANY_REQUESTS,
    "too_many_probes": HTTPStatus.TOO_MANY_REQUESTS,
    "too_many_requests": HTTPStatus.TOO_MANY_REQUESTS,
    "unusual_volume": HTTPStatus.CONFLICT,
    "wrong_run_state": HTTPStatus.CONFLICT,
}

# What the framework says by a status alone.
PLAIN: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "The request cannot be understood."),
    401: ("not_signed_in", "Send a valid API key: Authorization: Bearer outtray_..."),
    403: ("not_allowed", "This is not allowed."),
    404: ("not_found", "There is nothing here, or not for this key."),
    405: ("method_not_allowed", "This address does not take that method."),
    411: ("length_required", "Send the request with its Content-Length, not in chunks."),
    413: ("too_large", "The request is larger than this installation takes."),
    415: ("unsupported_media_type", "Send JSON, as application/json."),
    500: ("internal_error", "Something went wrong here. It was logged."),
    507: ("disk_full", "The disk is full, so this was not done. Try again once there is room."),
}


class WrongField(BaseModel):
    """One input that is wrong."""

    field: str = Field(examples=["documents[0]"])
    code: str
    message: str


class Problem(BaseModel):
    """What is wrong (RFC 9457). Programs read `code`, people `detail`."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[WrongField] = []


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[WrongField] = (),
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, object] | None = None,
) -> HttpResponse:
    """An answer that says what is wrong. `members` are further facts (RFC 9457 §3.2)."""
    told = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=detail,
        errors=list(errors),
    )
    return JsonResponse(
        {**(members or {}), **told.model_dump()},
        status=status,
        headers=headers,
        content_type=MEDIA_TYPE,
        encoder=_Encoder,
    )


class _Encoder(DjangoJSONEncoder):
    """Facts of a refusal may be values of ours, such as what an e-invoice breaks."""

    def default(self, o: Any) -> Any:
        if is_dataclass(o) and not isinstance(o, type):
            return asdict(o)
        return super().default(o)


def plain_problem(status: int, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The problem of a status that nothing more is known about."""
    code, detail = PLAIN.get(status, PLAIN[400 if status < 500 else 500])
    return problem(status, code, detail, headers=headers)


def refused_problem(refused: Refused) -> HttpResponse:
    """A refusal of ours as a problem."""
    errors = (
        [WrongField(field=refused.field, code=refused.code, message=refused.detail)]
        if refused.field
        else []
    )
    return problem(
        status_of(refused), refused.code, refused.detail, errors=errors, members=refused.facts
    )


def status_of(refused: Refused) -> HTTPStatus:
    """The status of a refusal: what names something that is not there is 404."""
    if refused.code.startswith("no_such_"):
        return HTTPStatus.NOT_FOUND
    return _STATUS.get(refused.code, HTTPStatus.UNPROCESSABLE_ENTITY)
