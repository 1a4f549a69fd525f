"""A helper process answers, is ended when it hangs, and comes back when it is asked again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from outtray.lib.helper_process import HelperGoneError, HelperProcess

HELPER = """
import os, sys, threading
from outtray.lib.helper_process import serve

def answer(request):
    if "hang" in request:
        threading.Event().wait()
    if "die" in request:
        os._exit(3)
    if "grow" in request:
        bytearray(64 * 1024 * 1024)
    return {"said": request.get("say"), "secret": os.environ.get("SECRET")}

serve(answer, idle_seconds=%s, most_mb=%s)
"""


@pytest.fixture
def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HelperProcess]:
    yield from _helper(tmp_path, monkeypatch, idle_seconds=60, most_mb=4000)


def _helper(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, idle_seconds: float, most_mb: int
) -> Iterator[HelperProcess]:
    (folder / "small_helper.py").write_text(HELPER % (idle_seconds, most_mb))
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("SECRET", "a quiet harbour")
    made = HelperProcess("small_helper", patience=20)
    yield made
    made.close()


def test_it_answers_without_knowing_our_secrets(helper: HelperProcess) -> None:
    assert helper.pid is None
    assert helper.ask({"say": "Grüße"}) == {"said": "Grüße", "secret": None}

    first = helper.pid
    assert helper.ask({"say": "x" * 3_000_000})["said"] == "x" * 3_000_000
    assert helper.pid == first


def test_one_that_dies_costs_its_question_and_no_other(helper: HelperProcess) -> None:
    with pytest.raises(HelperGoneError):
        helper.ask({"die": True})

    assert helper.ask({"say": "again"})["said"] == "again"


def test_one_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "small_helper.py").write_text(HELPER % (60, 4000))
    monkeypatch.syspath_prepend(str(tmp_path))
    impatient = HelperProcess("small_helper", patience=0.2)

    with pytest.raises(HelperGoneError):
        impatient.ask({"hang": True})

    assert impatient.pid is None
    impatient.close()


def test_one_that_nobody_asks_ends_and_the_next_question_starts_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for helper in _helper(tmp_path, monkeypatch, idle_seconds=0.1, most_mb=4000):
        helper.ask({"say": "once"})
        first = helper.pid
        assert first
        os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)

        assert helper.ask({"say": "twice"})["said"] == "twice"


def test_one_that_has_grown_too_big_retires_after_its_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for helper in _helper(tmp_path, monkeypatch, idle_seconds=60, most_mb=50):
        assert helper.ask({"say": "big", "grow": True})["said"] == "big"
        first = helper.pid
        assert helper.ask({"say": "new"})["said"] == "new"
        assert helper.pid != first


def test_one_that_was_killed_meanwhile_is_missed_only_once(helper: HelperProcess) -> None:
    helper.ask({"say": "here"})
    assert helper.pid
    process = helper.pid
    os.kill(process, signal.SIGKILL)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)

    assert helper.ask({"say": "back"})["said"] == "back"
