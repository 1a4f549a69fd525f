"""A company that is made once; each test gets a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.founded import ANNA, Founded, own_copy
from tests.ops.running import run


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    data = tmp_path_factory.mktemp("founded") / "data"
    steps = (
        ("migrate",),
        ("person", "add", ANNA, "--name", "Anna Andresen", "--new-company", "Nordwind"),
        ("key", "create", "ERP"),
    )
    done = [run(data, *step) for step in steps]
    assert [each.returncode for each in done] == [0, 0, 0], done
    _, _, link = done[1].stdout.partition(":8025/")
    return Founded(data, key=done[2].stdout.strip(), link=link.strip())


@pytest.fixture
def data(founded: Founded, tmp_path: Path) -> Path:
    return own_copy(founded, tmp_path / "data")
