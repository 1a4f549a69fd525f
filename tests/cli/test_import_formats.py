"""`outtray import` with files of other forms than JSON."""

from __future__ import annotations

import json
from pathlib import Path

from outtray.documents.models import Document
from outtray.people.models import Membership
from tests.cli.conftest import Run
from tests.documents.imports.conftest import FILES


def test_a_preview_keeps_nothing(run: Run, anna: Membership) -> None:
    shown = run("import", str(FILES / "rechnungen.csv"), "--preview", "--json")

    told = json.loads(shown.stdout)
    assert (shown.exit_code, told["imported"]) == (0, False)
    assert [item["place"] for item in told["items"]] == ["rows 2 to 3", "row 4"]
    assert not Document.objects.exists()


def test_a_mapping_says_what_columns_mean(run: Run, anna: Membership, tmp_path: Path) -> None:
    table, mapping = tmp_path / "table.csv", tmp_path / "mapping.json"
    table.write_text("A;B;C;D\nC1;Lagoon;2026-11-23;7\n")
    columns = {"A": "party.number", "B": "party.name", "C": "date", "D": "number"}
    fixed = {"currency": "EUR", "lines.description": "Rent", "lines.quantity": "1"}
    fixed |= {"lines.unit_price": "800", "lines.tax_rate": "19"}
    mapping.write_text(json.dumps({"kind": "invoice", "columns": columns, "fixed": fixed}))

    unknown = run("import", str(table))
    known = run("import", str(table), "--mapping", str(mapping))

    assert unknown.exit_code == 1
    assert "no column is known" in unknown.stderr
    assert known.exit_code == 0, known.output
    assert str(Document.objects.get().total) == "952.000"


def test_xml_is_recognised(run: Run, anna: Membership) -> None:
    assert run("import", str(FILES / "ubl-invoice.xml")).exit_code == 0
    assert run("import", str(FILES / "cii-invoice.xml"), "--format", "cii").exit_code == 0
