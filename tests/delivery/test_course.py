"""What failures call for: told by others, and judged by the tables that delivery uses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from outtray.delivery.course import Course, course
from outtray.transports.base import Failure, Scope, Source, Stage, Trouble
from outtray.transports.told import Told, failure_told

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / name).read_text().splitlines()]


def called_for(case: dict[str, Any]) -> Course:
    told = Told(
        protocol=case["protocol"],
        stage=case["stage"],
        text=case["text"],
        code=case["code"],
        enhanced_code=case["enhanced_code"],
        provider=case["provider"],
        context=case["context"],
    )
    return course(failure_told(told))


def wrong(name: str) -> list[str]:
    return [
        f"{case['id']} {called_for(case)}"
        for case in cases(name)
        if called_for(case) not in case["course"]
    ]


def test_nearly_all_failures_that_others_met_are_judged_as_people_judged_them() -> None:
    judged_otherwise = wrong("collected.jsonl")

    assert len(judged_otherwise) <= 0.02 * len(cases("collected.jsonl")), judged_otherwise


@pytest.mark.parametrize("case", cases("imagined.jsonl"), ids=lambda case: case["id"])
def test_the_same_causes_in_other_words_are_judged_alike(case: dict[str, Any]) -> None:
    assert called_for(case) in case["course"]


@pytest.mark.parametrize(
    ("scope", "while_passing", "for_good"),
    [
        (Scope.RECIPIENT, Course.RETRY_LATER, Course.FAIL_MESSAGE),
        (Scope.MESSAGE, Course.RETRY_LATER, Course.FAIL_MESSAGE),
        (Scope.SENDER, Course.PAUSE_ACCOUNT, Course.FIX_SETTINGS),
        (Scope.MAILBOX, Course.PAUSE_ACCOUNT, Course.FIX_SETTINGS),
        (Scope.SERVER, Course.RETRY_LATER, Course.PAUSE_ACCOUNT),
    ],
)
def test_a_fault_stops_what_it_concerns_and_no_more(
    scope: Scope, while_passing: Course, for_good: Course
) -> None:
    def failure(*, is_temporary: bool) -> Failure:
        return Failure(Stage.ANSWER, scope, is_temporary, Source.SERVER, "no")

    assert course(failure(is_temporary=True)) is while_passing
    assert course(failure(is_temporary=False)) is for_good


@pytest.mark.parametrize("trouble", [Trouble.CONNECTION_REFUSED, Trouble.TIMED_OUT])
def test_where_nobody_answers_somebody_looks_at_the_settings(trouble: Trouble) -> None:
    told = Failure(
        Stage.CONNECT, Scope.SERVER, is_temporary=True, source=Source.NETWORK, text="no",
        trouble=trouble,
    )  # fmt: skip

    assert course(told) is Course.FIX_SETTINGS


@pytest.mark.parametrize("stage", ["mail_from", "rcpt_to", "data"])
@pytest.mark.parametrize(
    "text", ["lost connection with mail.example", "Timed out", "Connection reset by peer"]
)
def test_a_broken_line_never_ends_a_message(stage: str, text: str) -> None:
    failure = failure_told(Told("smtp", stage, text))

    assert failure.source is Source.NETWORK
    assert course(failure) is Course.RETRY_LATER
