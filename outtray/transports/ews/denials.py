"""What it means that a request by exchangelib came to nothing."""

from __future__ import annotations

import base64
import re
from dataclasses import replace

import requests
from exchangelib.errors import ErrorServerBusy, EWSError, ResponseMessageError, UnauthorizedError
from spnego.exceptions import SpnegoError

from outtray.lib.sealing import Secret
from outtray.transports.base import Failure, Stage
from outtray.transports.ews.door import Door
from outtray.transports.ews.failures import (
    Denied,
    Name,
    failure_from_code,
    failure_from_nothing,
    failure_from_page,
    login_refused,
    not_ews,
    words,
)
from outtray.transports.web import Answer, NoAnswer

# What comes out of exchangelib where an answer is not what it should be.
PROBLEMS = (
    EWSError,
    requests.RequestException,
    SpnegoError,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    NotImplementedError,
)
# After these nobody knows whether the server did what was asked.
_UNCERTAIN = frozenset(
    {
        "ErrorTimeoutExpired",
        "ErrorInternalServerError",
        "ErrorInternalServerTransientError",
        "ErrorConnectionFailed",
        "ErrorConnectionFailedTransientError",
        "ErrorBatchProcessingStopped",
        "ErrorMailboxStoreUnavailable",
        "ErrorMailboxFailover",
        "ErrorProxyCallFailed",
        "ErrorProxyRequestProcessingFailed",
    }
)
_UNCERTAIN_STATUS = frozenset({500, 502, 504})
_OF_VERSION = frozenset(
    {
        "ErrorInvalidServerVersion",
        "ErrorIncorrectSchemaVersion",
        "ErrorInvalidSchemaVersionForMailboxVersion",
    }
)
_RERAISED = re.compile(r"Reraised from (Error\w+)\((.*)\)", re.DOTALL)
_UNKNOWN_CODE = re.compile(r"\bError[A-Z]\w{4,60}")


class Judge:
    """Knows the door, and under which name and password it was entered."""

    def __init__(self, door: Door, name: str, secret: Secret) -> None:
        self._door = door
        self._name = name
        self._secret = secret

    def denied(self, problem: Exception, stage: Stage) -> Denied:
        """What it means, and whether the server can have done it. A bug of ours is raised."""
        last = self._door.last
        if last is None:
            raise problem
        denied = self._judged(problem, last, stage)
        denied.failure = replace(denied.failure, text=self._without_secret(denied.failure.text))
        return denied

    def _judged(self, problem: Exception, last: Answer | NoAnswer, stage: Stage) -> Denied:
        if isinstance(last, NoAnswer):
            failure = failure_from_nothing(last, stage=stage)
            return Denied(failure, is_certain=not last.was_sent, was_answered=False)
        if last.status == 401 or isinstance(problem, UnauthorizedError):
            self._door.close()  # nothing more is said under a name that was refused
            return _answered(login_refused(self._name, str(problem)), is_certain=True)
        if last.status not in {200, 500}:
            failure = failure_from_page(last, self._door.settings.host, stage=stage)
            return _answered(failure, is_certain=last.status not in _UNCERTAIN_STATUS)
        return self._refused(problem, last, stage)

    def _refused(self, problem: Exception, last: Answer, stage: Stage) -> Denied:
        """What Exchange says by a name, or something that is not understood."""
        identifier, text = _named(problem)
        if not identifier:
            return _answered(self._garbled(last, text, stage), is_certain=False)
        if identifier in _OF_VERSION and stage not in {Stage.CONTENT, Stage.SEND}:
            text = f"{self._door.settings.host} speaks no version of EWS that we speak"
        failure = failure_from_code(
            identifier,
            text,
            stage=stage,
            status=last.status,
            back_off=float(getattr(problem, "back_off", 0) or 0),
        )
        return _answered(failure, is_certain=identifier not in _UNCERTAIN)

    def _garbled(self, last: Answer, text: str, stage: Stage) -> Failure:
        """Something answered, but not as EWS does."""
        host = self._door.settings.host
        if b"Envelope" not in last.body[:2000]:
            return failure_from_page(last, host, stage=stage)
        told = f"{host} does not answer as Exchange does: {words(text)}"
        failure = not_ews(told, stage=stage, status=last.status)
        is_of_version = stage is Stage.LOGIN and "version headers" in text
        return replace(failure, identifier=Name.VERSION) if is_of_version else failure

    def _without_secret(self, text: str) -> str:
        secret = self._secret.value
        if not secret:
            return text
        for form in (secret, base64.b64encode(f"{self._name}:{secret}".encode()).decode()):
            text = text.replace(form, "[secret]")
        return text


def _answered(failure: Failure, *, is_certain: bool) -> Denied:
    return Denied(failure, is_certain=is_certain, was_answered=True)


def _named(problem: Exception) -> tuple[str, str]:
    """Exchange's own name of a problem, or nothing, and its words."""
    text = str(problem)
    again = _RERAISED.search(text)
    if again:
        return again[1], again[2]
    name = type(problem).__name__
    if isinstance(problem, ResponseMessageError | ErrorServerBusy) and name.startswith("Error"):
        return name, text
    unknown = _UNKNOWN_CODE.search(text) if isinstance(problem, EWSError) else None
    return (unknown[0] if unknown else ""), text
