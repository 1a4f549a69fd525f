"""Blobs: the same bytes once, found by their own name, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outtray.lib.blobs import BlobMissing, FileBlobs


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(content=st.binary(max_size=2000))
def test_what_was_put_is_got_back(tmp_path: Path, content: bytes) -> None:
    blobs = FileBlobs(tmp_path)

    assert blobs.get(blobs.put(content)) == content


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    blobs = FileBlobs(tmp_path)

    names = {blobs.put(b"invoice") for _ in range(3)}

    assert len(names) == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "g" * 63, "/" * 64])
def test_a_name_that_is_none_finds_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(BlobMissing):
        FileBlobs(tmp_path).get(name)
