"""Holds the XML of a document against its schema and its rules."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from outtray.documents.einvoice.forms import Checks
from outtray.documents.einvoice.schematron import RulesUnavailableError, failed_rules
from outtray.documents.einvoice.sentences import (
    EInvoiceProblem,
    problems_from_rules,
    problems_from_schema,
)
from outtray.documents.einvoice.xsd import parsed, schema_errors

UNCHECKED = "unchecked"  # stands for a rule, where the rules could not be asked

_MOST_KNOWN = 1_000


def check(content: bytes, checks: Checks) -> tuple[EInvoiceProblem, ...]:
    """What is wrong with the file; nothing, where it fits its schema and keeps all rules.

    A file is looked at once: a page, a preview and a letter ask about the same one. Where the
    schema and the rules both say no, only the rules are told: they know the reason.
    """
    key = hashlib.sha256(content).digest() + str(checks.schema).encode()
    known = _KNOWN.get(key)
    if known is not None:
        return known
    try:
        problems = _checked(content, checks)
    except RulesUnavailableError as why:
        return (EInvoiceProblem(UNCHECKED, f"The rules could not be checked just now: {why}."),)
    _KNOWN.keep(key, problems)
    return problems


def _checked(content: bytes, checks: Checks) -> tuple[EInvoiceProblem, ...]:
    errors = schema_errors(parsed(content), checks.schema)
    failed = failed_rules(content, checks.rules) if checks.rules else ()
    return problems_from_rules(failed) or problems_from_schema(errors)


class _Known:
    """The results of the last files, by their digests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._results: OrderedDict[bytes, tuple[EInvoiceProblem, ...]] = OrderedDict()

    def get(self, key: bytes) -> tuple[EInvoiceProblem, ...] | None:
        with self._lock:
            return self._results.get(key)

    def keep(self, key: bytes, problems: tuple[EInvoiceProblem, ...]) -> None:
        with self._lock:
            self._results[key] = problems
            if len(self._results) > _MOST_KNOWN:
                self._results.popitem(last=False)


_KNOWN = _Known()
