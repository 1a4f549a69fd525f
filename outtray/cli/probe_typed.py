"""`outtray probe --service`: check what the options say. No database, no data folder."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outtray.cli.output import as_json, told_explanation, told_finding
from outtray.config import env
from outtray.diagnosis.typed import Typed, route_of
from outtray.diagnosis.validate import explanation_of, findings_of
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.transports.base import Finding, Route

if TYPE_CHECKING:
    from outtray.diagnosis.explain import Explanation

_MOST_OCTETS = 64 * 1024  # of a password or a token


def run(
    service: str,
    words: Mapping[str, str | int | Path],
    sender: str,
    *,
    language: str,
    is_json: bool,
) -> bool:
    """Check it and print what is found, stage by stage. True if all passed."""
    route = route_of(_typed(service, words, sender))
    findings: list[Finding] = []
    for finding in findings_of(route, language=language, at=clock.now()):
        findings.append(finding)
        if not is_json:
            told_finding(finding.stage, finding.milliseconds, finding.detail, ok=finding.ok)
    explanation = explanation_of(findings[-1], route, language=language)
    _tell(findings, explanation, route, is_json=is_json)
    return explanation is None


def _typed(service: str, words: Mapping[str, str | int | Path], sender: str) -> Typed:
    files = {
        name: Path(str(words[name])) for name in ("password_file", "token_file") if name in words
    }
    secret = next((_secret(file) for file in files.values()), "")
    ca_file = str(words.get("ca_file", "")) or env.text("OUTTRAY_CA_FILE")
    settings = {
        name: str(value) for name, value in words.items() if name not in {*files, "ca_file"}
    }
    return Typed(
        transport=service,
        settings=settings,
        secret=secret,
        address=sender,
        ca_file=ca_file,
        allow_local=env.flag("OUTTRAY_ALLOW_LOCAL", default=False),
        allow_networks=tuple(env.words("OUTTRAY_ALLOW_NETWORKS")),
    )


def _secret(file: Path) -> str:
    """The first line: editors end it with a line feed, which is no part of the secret."""
    try:
        with sys.stdin if str(file) == "-" else file.open(encoding="utf-8") as opened:
            text = opened.read(_MOST_OCTETS + 1)
    except (OSError, UnicodeDecodeError) as problem:
        raise Refused("file_unreadable", f"{file} cannot be read: {problem}.") from problem
    if len(text) > _MOST_OCTETS:
        raise Refused("file_unreadable", f"{file} is too long to hold a password or a token.")
    return text.strip("\r\n")


def _tell(
    findings: list[Finding], explanation: Explanation | None, route: Route, *, is_json: bool
) -> None:
    if is_json:
        told = [
            {
                "stage": finding.stage,
                "ok": finding.ok,
                "milliseconds": finding.milliseconds,
                "detail": finding.detail,
            }
            for finding in findings
        ]
        as_json({"findings": told, "explanation": _explanation(explanation)})
    elif explanation:
        told_explanation(explanation.headline, explanation.steps, explanation.who)
        if explanation.offer:
            click.echo(f"What would help: {explanation.offer.label}", err=True)
    else:
        click.echo(f"{route.sender}: passed")


def _explanation(explanation: Explanation | None) -> Mapping[str, Any] | None:
    if explanation is None:
        return None
    offer = explanation.offer
    return {
        "cause": explanation.cause,
        "family": explanation.family,
        "headline": explanation.headline,
        "steps": explanation.steps,
        "who": explanation.who,
        "offer": {"label": offer.label, "settings": dict(offer.settings)} if offer else None,
    }
