"""What happens to a test whose server is not on this machine."""

from __future__ import annotations

import pytest

from tests.servers.presence import require


def test_a_program_that_is_there_is_found() -> None:
    assert require("sh", "dash").name == "sh"


def test_a_missing_program_skips_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match=r"package nowhere"):
        require("not-there", "nowhere")


def test_a_missing_program_fails_the_test_where_nothing_may_be_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="not-there is not installed"):
        require("not-there", "nowhere")
