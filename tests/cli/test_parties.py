"""Parties from a file, by command."""

from __future__ import annotations

import json
from pathlib import Path

from outtray.documents.models import Party
from outtray.people.models import Membership
from tests.cli.conftest import Run

CSV = "number,name,main_email\n7,Mill,a@mill.example\n"


def test_parties_are_previewed_and_imported(run: Run, anna: Membership) -> None:
    preview = run("parties", "import", "-", "--vendors", "--preview", given=CSV)
    before = Party.objects.count()
    kept = run("parties", "import", "-", "--vendors", "--json", given=CSV)

    assert "created" in preview.stdout
    assert before == 0
    assert json.loads(kept.stdout)["items"][0]["status"] == "created"
    assert Party.objects.get().role == "vendor"


def test_a_wrong_line_is_named(run: Run, anna: Membership) -> None:
    result = run("parties", "import", "-", given=CSV + "8,Weiß,nobody\n")

    assert result.exit_code == 1
    assert "line 3 (8)" in result.stderr
    assert not Party.objects.exists()


def test_a_file_says_what_the_columns_of_a_table_mean(
    run: Run, anna: Membership, tmp_path: Path
) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"columns": {"Konto": "number", "Kurzname": "name"}}')

    result = run(
        "parties", "import", "-", "--mapping", str(mapping), given="Konto;Kurzname\n7;Mill\n"
    )

    assert result.exit_code == 0
    assert Party.objects.get().name == "Mill"
