"""Asks the process that knows the rules (`schematron_process.py`).

It costs 130 MB and half a second to start, so it is started by the first question and ends
by itself when nobody has asked for two minutes. Each process of ours has its own.
"""

from __future__ import annotations

import atexit
from dataclasses import dataclass
from pathlib import Path

from outtray.lib.helper_process import HelperGoneError, HelperProcess

PATIENCE = 60.0  # seconds; 2,000 lines take some

_SAXON = HelperProcess("outtray.documents.einvoice.schematron_process", patience=PATIENCE)
atexit.register(_SAXON.close)


class RulesUnavailableError(Exception):
    """The rules could not be asked: their process does not start, died, or took too long."""


@dataclass(frozen=True, slots=True)
class FailedRule:
    """A rule that a file does not keep: its name, where (an XPath), and the rule's own words."""

    id: str
    location: str
    text: str


def failed_rules(content: bytes, rules: Path) -> tuple[FailedRule, ...]:
    """The rules that a well-formed file does not keep, without mere warnings."""
    try:
        answer = _SAXON.ask({"rules": str(rules), "xml": content.decode()})
    except HelperGoneError as gone:
        raise RulesUnavailableError("its process ended, or took too long") from gone
    if "error" in answer:
        raise RulesUnavailableError(answer["error"])
    return tuple(
        FailedRule(rule["id"], rule["location"], rule["text"])
        for rule in answer["failed"]
        if rule["flag"] != "warning"
    )
