"""What an Exchange server can do instead of what it is asked, or beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Busy:
    """ErrorServerBusy, as Exchange says it: a fault with status 500."""

    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class Says:
    """A ResponseCode in the answer, with status 200."""

    code: str
    text: str = "No."


@dataclass(frozen=True, slots=True)
class Fault:
    """A SOAP fault, with status 500."""

    code: str
    text: str = "No."


@dataclass(frozen=True, slots=True)
class Page:
    """Something that is no EWS."""

    status: int = 200
    body: str = "<html><title>Sign in</title></html>"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loses:
    """Does it, and hangs up instead of answering."""


@dataclass(frozen=True, slots=True)
class Drops:
    """Hangs up without doing it."""


@dataclass(frozen=True, slots=True)
class Garbles:
    """Does it, and answers with something that is not understood."""

    body: str = "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'/>"


@dataclass(frozen=True, slots=True)
class Stalls:
    """Says nothing until the server is stopped."""


@dataclass(frozen=True, slots=True)
class AnswersAndCloses:
    """Does it, answers, and closes the line: whoever has the answer can see the end."""


Behaviour = Busy | Says | Fault | Page | Loses | Drops | Garbles | Stalls | AnswersAndCloses
