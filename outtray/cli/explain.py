"""`outtray explain`: say what an error of a mail server or a program means, and what helps."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import click

from outtray.cli.courses import course_of
from outtray.diagnosis.advice import FALLBACK
from outtray.diagnosis.case import Case, case_of, symptom_told
from outtray.diagnosis.explain import Explanation, explain_symptom


@click.command("explain")
@click.argument("text", required=False, default="")
@click.option(
    "--jsonl", "is_jsonl", is_flag=True, help="Read one case a line; print one answer a line."
)
@click.option("--host", default="", help="The server that was talked to.")
@click.option("--port", default="", help="Its port.")
@click.option("--security", default="", help="starttls, tls or none.")
@click.option("--stage", default="", help="Where it happened: connect, tls, auth, rcpt_to, ...")
@click.option("--protocol", default="", help="smtp, imap, graph, gmail_api, ews, oauth or api.")
@click.option("--provider", default="", help="Whose server it is.")
@click.option("--language", default=FALLBACK, help="en or de.")
def command(text: str, *, is_jsonl: bool, language: str, **told: str) -> None:
    """Explain the error TEXT, or with --jsonl many cases from standard input.

    Nothing is asked of any network or database. A case is an object with error_text and, as
    far as they are known, id, provider, stage, protocol, code, enhanced_code and context
    (host, port, security, auth, from, ...). Each answer has id, cause, family, retry,
    headline, fix and who. A line that cannot be read is answered by its error, and the exit
    status is 1 in the end.

    \b
    Example:
        outtray explain "535 5.7.8 Username and Password not accepted" --host smtp.gmail.com
    """
    if is_jsonl:
        sys.exit(0 if explain_lines(sys.stdin, sys.stdout, language=language) else 1)
    if not text:
        raise click.UsageError("Give the text of an error, or --jsonl.")
    context = {name: told[name] for name in ("host", "port", "security") if told[name]}
    _show(explained(case_of({**told, "error_text": text, "context": context}), language)[0])


def explain_lines(lines: TextIO, answers: TextIO, *, language: str = FALLBACK) -> bool:
    """Answer each case in its order, as soon as it is read. False if one could not be read."""
    are_all_read = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        answer, is_read = _answer(line, number, language)
        are_all_read = are_all_read and is_read
        answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
        answers.flush()
    return are_all_read


def explained(case: Case, language: str = FALLBACK) -> tuple[Explanation, str]:
    """Why, and what should be done, in one word."""
    symptom = symptom_told(case)
    explanation = explain_symptom(symptom, language=language)
    return explanation, str(course_of(explanation.cause, case, symptom))


def _answer(line: str, number: int, language: str) -> tuple[dict[str, Any], bool]:
    try:
        told = json.loads(line)
    except ValueError:
        return {"id": None, "error": f"line {number} is no JSON"}, False
    if not isinstance(told, Mapping):
        return {"id": None, "error": f"line {number} is no JSON object"}, False
    explanation, retry = explained(case_of(told), language)
    return {
        "id": told.get("id"),
        "cause": explanation.cause,
        "family": explanation.family,
        "retry": retry,
        "headline": explanation.headline,
        "fix": " ".join(explanation.steps),
        "who": explanation.actor,
    }, True


def _show(explanation: Explanation) -> None:
    click.echo(f"{explanation.headline}  ({explanation.cause})")
    for number, step in enumerate(explanation.steps, start=1):
        click.echo(f"  {number}. {step}")
    click.echo(f"Who must act: {explanation.who}")
