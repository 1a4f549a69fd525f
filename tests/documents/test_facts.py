"""Letters get plain texts, in the document's language."""

from __future__ import annotations

import pytest

from outtray.documents.facts import letter_facts
from outtray.documents.kinds.registry import KINDS
from outtray.documents.languages import LANGUAGES
from outtray.documents.wording import shared_words
from tests.documents.builders import document_of, raw


def is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(name, str) and is_plain(part) for name, part in value.items())
    if isinstance(value, list):
        return all(is_plain(part) for part in value)
    return isinstance(value, str)


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_facts_are_texts_and_lists_of_texts(kind: str, language: str) -> None:
    facts = letter_facts(document_of(raw(kind, language=language)))

    assert is_plain(facts)
    assert facts["number"] == raw(kind)["number"]
    assert facts["label"] == KINDS[kind].label(language)


def test_an_invoice_says_its_total_and_its_day() -> None:
    facts = letter_facts(document_of(raw("invoice")))

    assert facts["total"] == "4.160,07\N{NO-BREAK SPACE}€"
    assert facts["due_date"] == "7. Dezember 2026"
    assert facts["lines"]
    assert facts["invoices"] == []


def test_a_reminder_says_what_is_overdue() -> None:
    facts = letter_facts(document_of(raw("payment_reminder", level=2)))

    assert facts["label"] == "2. Mahnung"
    assert facts["level"] == "2"
    assert facts["fee"] == "5,00\N{NO-BREAK SPACE}€"
    assert facts["invoices"] == [
        {
            "number": "RE-2026-0967",
            "date": "10.10.2026",
            "due_date": "24.10.2026",
            "days_overdue": "30",
            "total": "1.284,50",
            "open": "1.284,50",
        },
        {
            "number": "RE-2026-1001",
            "date": "27.10.2026",
            "due_date": "10.11.2026",
            "days_overdue": "13",
            "total": "2.310,00",
            "open": "810,00",
        },
    ]


def test_all_languages_know_the_same_words() -> None:
    for kind in KINDS.values():
        assert {frozenset(kind.words[language]) for language in LANGUAGES} == {
            frozenset(kind.words["en"])
        }
    assert {frozenset(shared_words(language)) for language in LANGUAGES} == {
        frozenset(shared_words("en"))
    }


def test_every_fact_and_column_has_its_words() -> None:
    for kind in KINDS.values():
        known = shared_words("en").keys() | kind.words["en"].keys()
        assert {f"fact.{fact.name}" for fact in kind.facts} <= known
        assert {f"column.{column.name}" for column in kind.columns} <= known
        assert {f"total.{each.name}" for each in kind.sums} <= known
