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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(contents=st.lists(st.binary(max_size=500), max_size=6))
def test_what_was_put_together_is_got_back_one_by_one(
    tmp_path: Path, contents: list[bytes]
) -> None:
    blobs = FileBlobs(tmp_path)

    assert [blobs.get(name) for name in blobs.put_all(contents)] == contents


def test_what_was_put_together_is_one_file(tmp_path: Path) -> None:
    FileBlobs(tmp_path).put_all([b"first", b"second", b"third"])

    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_sheaf_that_was_cut_short_gives_no_half_message(tmp_path: Path) -> None:
    blobs = FileBlobs(tmp_path)
    first, last = blobs.put_all([b"first", b"last"])
    (sheaf,) = (path for path in tmp_path.rglob("*") if path.is_file())
    sheaf.write_bytes(b"firstla")

    assert blobs.get(first) == b"first"
    with pytest.raises(BlobMissing):
        blobs.get(last)
