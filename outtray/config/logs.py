"""The log on standard error: one line for each event, for people or as JSON.

A line names what it is about by ids (FIELDS), and nothing that is not listed there. No
secrets, no content, and of an address only the domain: whom a company writes to is not for
those who read logs. A line that cannot be written is lost; its event goes on.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

FIELDS: Mapping[str, str] = {
    "email": "id of the email",
    "mailbox": "id of the mailbox",
    "document": "number of the document",
    "company": "id of the company",
    "attempt": "number of the attempt",
    "worker": "host, process and thread that deliver",
    "server": "mail server and port",
    "state": "what the email became",
    "scope": "whom a failure concerns",
    "cause": "why, in one word",
    "failure": "the server's or the system's own words",
    "seconds": "how long it took",
    "found": "what was found in the Sent folder",
    "filed": "what became of a copy for the Sent folder",
    "work": "kind of work of the engine",
    "key": "what that work was for",
    "problem": "what went wrong inside",
    "claims_freed": "how many emails were given back",
    "status_code": "HTTP status of an answer",
}

_ADDRESS = re.compile(r"""[^\s<>"'(),:;=\[\]]+@(?=[\w\[])""")
# Links that open something for whoever knows them.
_SECRET_PATH = re.compile(r"(/(?:start|password)/)[\w.~:-]+")
_PLAIN = re.compile(r"[^\s\"=\\]+")


class Lines(logging.Formatter):
    """One line for people: time, level, logger, message, and the fields as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        told = [_time(record), record.levelname.lower(), record.name, _printable(_message(record))]
        told += [f"{name}={_quoted(value)}" for name, value in _fields(record)]
        line = " ".join(told)
        trace = _traceback(record)
        return f"{line}\n{trace}" if trace else line


class JsonLines(logging.Formatter):
    """One JSON object: `time`, `level`, `logger`, `message`, the fields, and `traceback`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            **dict(_fields(record)),
        }
        trace = _traceback(record)
        if trace:
            line["traceback"] = trace
        return json.dumps(line, ensure_ascii=False)


FORMATS: Mapping[str, type[logging.Formatter]] = {"text": Lines, "json": JsonLines}


def configuration(level: str, form: str) -> dict[str, Any]:
    """A `dictConfig` that writes to standard error, in one of FORMATS."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {form: {"()": FORMATS[form]}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            # A page that does not exist is the asker's affair; our own faults stay loud.
            "django.request": {"level": "ERROR"},
            "outtray": {"level": level, "handlers": ["stderr"], "propagate": False},
        },
    }


def discreet(text: str) -> str:
    """The same without what stands before the @ of addresses, and without secret links."""
    if "@" in text:
        text = _ADDRESS.sub("…@", text)
    return _SECRET_PATH.sub(r"\1…", text) if "/" in text else text


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    return discreet(record.getMessage())


def _fields(record: logging.LogRecord) -> Iterator[tuple[str, str | int | float]]:
    for name in FIELDS:
        value = getattr(record, name, None)
        if isinstance(value, int | float):
            yield name, value
        elif value is not None:
            yield name, discreet(str(value))


def _traceback(record: logging.LogRecord) -> str:
    if not record.exc_info:
        return ""
    return discreet(logging.Formatter().formatException(record.exc_info))


def _quoted(value: str | int | float) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _printable(text: str) -> str:
    """One line, whatever somebody sent: what breaks lines is written as its escape."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )
