"""Fills the texts that somebody wrote: what comes out is bounded, clean, and still unframed.

No database and no settings are needed here: `worker.py` does it in a process of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from outtray.compose.filling.editing import as_text
from outtray.compose.filling.liquid import render
from outtray.compose.filling.safe_html import safe_rows
from outtray.lib.errors import Refused

_SIGNATURE = "{% render 'signature', sender: sender, company: company %}"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a letter says: its subject, its plain text, and its HTML as a row of a table."""

    subject: str
    text: str
    rows: str


def fill_parts(
    texts: Mapping[str, str], values: Mapping[str, object], pictures: Sequence[str]
) -> Parts:
    """Fill `subject`, `text` and `html` with these values; an empty text is made from the HTML.

    Raises Refused("template_wrong") that says in which field, where it can, and where in it.
    """
    subject = " ".join(_filled("subject", texts["subject"], values).split())
    rows = safe_rows(_filled("html", texts["html"], values), pictures=pictures)
    if texts["text"].strip():
        return Parts(subject, _filled("text", texts["text"], values), rows)
    signature = render(_SIGNATURE, values, is_html=False)
    return Parts(subject, f"{as_text(rows)}\n{signature}", rows)


def _filled(field: str, source: str, values: Mapping[str, object]) -> str:
    try:
        return render(source, values, is_html=field == "html")
    except Refused as wrong:
        wrong.field = field
        raise
