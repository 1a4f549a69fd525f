"""`outtray explain`, as a person and as a program use it."""

from __future__ import annotations

import io
import json
from pathlib import Path

from click.testing import CliRunner

from outtray.cli.explain import explain_lines
from outtray.cli.main import main

CASES = Path(__file__).parent / "cases" / "collected.jsonl"
FIELDS = ["id", "cause", "family", "retry", "headline", "fix", "who"]


def test_each_case_is_answered_by_a_line_in_its_order() -> None:
    answers = io.StringIO()

    are_all_read = explain_lines(io.StringIO(CASES.read_text()), answers)

    told = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert are_all_read
    assert [answer["id"] for answer in told] == [
        json.loads(line)["id"] for line in CASES.read_text().splitlines()
    ]
    assert all(list(answer) == FIELDS and all(answer.values()) for answer in told)


def test_a_line_that_cannot_be_read_is_told_and_the_rest_is_answered() -> None:
    lines = '{"id": "a", "error_text": "550 5.1.1 User unknown"}\n{oops\n[1]\n{"id": "b"}\n'

    result = CliRunner().invoke(main, ["explain", "--jsonl"], input=lines)

    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [answer["id"] for answer in told] == ["a", None, None, "b"]
    assert told[0]["cause"] == "mailbox_not_found"
    assert "line 2" in told[1]["error"]
    assert "line 3" in told[2]["error"]


def test_fields_of_any_kind_do_no_harm() -> None:
    odd = {"id": 7, "stage": 3, "code": 535, "context": "none", "error_text": None, "other": [1]}
    answers = io.StringIO()

    assert explain_lines(io.StringIO(json.dumps(odd) + "\n"), answers)

    assert json.loads(answers.getvalue())["id"] == 7


def test_a_person_is_told_the_steps_for_the_server_that_was_meant() -> None:
    asked = ["explain", "535 5.7.8 Username and Password not accepted", "--host", "smtp.gmail.com"]

    result = CliRunner().invoke(main, asked)

    assert result.exit_code == 0
    assert "(app_password_required)" in result.stdout
    assert "https://myaccount.google.com/apppasswords" in result.stdout
    assert "Who must act: You" in result.stdout


def test_without_a_text_it_says_what_to_give() -> None:
    result = CliRunner().invoke(main, ["explain"])

    assert result.exit_code == 2
    assert "--jsonl" in result.stderr
