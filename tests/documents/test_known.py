"""Data that was checked once is typed without asking the rules again."""

from __future__ import annotations

import pytest

from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.registry import KINDS
from outtray.documents.schema.known import known
from tests.documents.builders import document_of, raw


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_paper_reads_as_it_was_checked(kind: Kind) -> None:
    data = document_of(raw(kind.name)).data

    read = known(kind.schema, data)

    assert repr(read) == repr(kind.schema.model_validate(data))


def test_what_was_taken_by_an_older_rule_is_still_read() -> None:
    bank = {"iban": "DE00 0000", "bic": "?"}
    data = document_of(raw("invoice")).data
    data["issuer"]["bank"].update(bank)

    read = known(KINDS["invoice"].schema, data)

    assert read.issuer.bank.iban == "DE00 0000"
    assert read.issuer.bank.bic == "?"


def test_a_paper_without_all_it_needs_is_a_fault_of_ours() -> None:
    data = document_of(raw("invoice")).data
    del data["number"]

    with pytest.raises(ValueError, match="number"):
        known(KINDS["invoice"].schema, data)
