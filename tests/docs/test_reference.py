"""What can be looked up is what is so."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from outtray.documents.importing import import_documents
from outtray.people.models import Company
from tools.docs.__main__ import FOLDER, pages
from tools.docs.settings import MEANING, reads
from tools.docs.source import modules
from tools.docs.standards import KEPT, named

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_reference_pages_are_what_the_code_says() -> None:
    expected = pages()

    assert {path.name for path in FOLDER.glob("*.md")} == set(expected)
    for name, text in expected.items():
        assert (FOLDER / name).read_text().splitlines() == text.splitlines(), "run `make docs`"


def test_every_setting_has_a_sentence_and_every_sentence_a_setting() -> None:
    assert [read.name for read in reads()] == list(dict.fromkeys(read.name for read in reads()))
    assert {read.name for read in reads()} == set(MEANING)
    assert len(MEANING) < 40


def test_every_standard_is_named_and_every_named_one_is_judged() -> None:
    assert set(named()) == set(KEPT)
    assert {standard.kept for standard in KEPT.values()} <= {"yes", "partly"}


def test_standards_are_named_by_section_in_one_form() -> None:
    odd = re.compile(r"RFC-?\d+|RFC \d+,? (?:sec|Sec)\w*")

    wrong = [f"{path}: {found}" for path, text in modules() for found in odd.findall(text)]

    assert wrong == []


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")) + sorted(ROOT.glob("*.md")))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())

    missing = [target for target in targets if not (page.parent / target).exists()]

    assert missing == []


def test_the_version_of_the_changelog_is_that_of_the_package() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize(
    ("page", "number"), [("start.md", "RE-1"), ("how-to/import-documents.md", "SO-1")]
)
def test_documents_shown_in_the_docs_can_be_imported(
    nordwind: Company, at: datetime, page: str, number: str
) -> None:
    (shown,) = re.findall(r"```json\n(.+?)```", (DOCS / page).read_text(), re.DOTALL)

    result = import_documents(nordwind, shown.encode(), by=None, at=at)

    assert [document.number for document in result.documents] == [number]


@pytest.mark.parametrize(
    ("file", "options"),
    [
        ("requirements.txt", ("--no-dev", "--group", "build")),
        (
            "requirements-whole.txt",
            (
                *("--no-dev", "--group", "build"),
                *("--extra", "postgres", "--extra", "exchange", "--extra", "einvoice"),
            ),
        ),
        ("requirements-dev.txt", ("--all-extras", "--no-extra", "kerberos")),
    ],
)
def test_what_is_installed_is_what_is_locked(file: str, options: tuple[str, ...]) -> None:
    exported = subprocess.run(
        [sys.executable, "-m", "uv", "export", "--quiet", "--frozen", "--offline", "--no-header",
         "--no-emit-project", *options],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert (ROOT / file).read_text() == exported.stdout, "run `make lock`"
