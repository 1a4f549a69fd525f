"""The codes of refusals, collected from where they are raised."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tools.docs.source import calls, modules, text_of


def refusals() -> Mapping[str, list[str]]:
    """The sentences of each code, in the order of the source."""
    found: dict[str, list[str]] = {}
    for _, text in modules():
        for call in calls(ast.parse(text)):
            if not isinstance(call.func, ast.Name) or call.func.id != "Refused":
                continue
            code = text_of(call.args[0]) if call.args else None
            if code:
                found.setdefault(code, []).extend(_sentence(call))
    return dict(sorted(found.items()))


def page() -> str:
    lines = [
        "# Codes of errors",
        "",
        "What Outtray does not do as asked, it refuses with a code and a sentence. Programs read "
        "the code, which stays the same; people read the sentence, in which … stands for a value. "
        "The API answers both as `application/problem+json`.",
        "",
        "| Code | Sentence |",
        "|---|---|",
    ]
    for code, sentences in refusals().items():
        told = "<br>".join(dict.fromkeys(sentences)) or "(depends on what was found)"
        lines.append(f"| `{code}` | {told} |")
    return "\n".join(lines)


def _sentence(call: ast.Call) -> list[str]:
    given = call.args[1] if len(call.args) > 1 else None
    text = text_of(given) if given else None
    return [text.replace("|", "\\|").replace("\n", " ").strip()] if text and text != "…" else []
