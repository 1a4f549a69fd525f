"""The texts of letters: subject, plain text and HTML for each kind and language.

A template is a folder `defaults/<purpose>/<language>/` of four files: `subject.liquid`,
`facts.liquid` (one "Label | value" a line, a star before what matters most),
`text.liquid` and `html.mjml`, the part between head and signature of `layout.mjml`.
MJML keeps Liquid's tags as they are, so it is turned into HTML once and filled often.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import mjml

from outtray.compose.filling.liquid import DEFAULTS, render
from outtray.documents.kinds.registry import KINDS

SEVERAL = "several"
_PLACE = "<!-- letter -->"
_TAG_START, _TAG_END = re.compile(r"\{[{%]"), re.compile(r"[}%]\}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A template filled with the facts of a letter. `text` is without the footer."""

    subject: str
    text: str
    html: str


def purposes() -> list[str]:
    """Everything that a letter can be for: each kind of document, and several together."""
    return [*KINDS, SEVERAL]


def purpose_name(purpose: str) -> str:
    """The purpose in the plural, within a sentence."""
    return "several documents" if purpose == SEVERAL else KINDS[purpose].plural("en").lower()


def purpose_label(purpose: str) -> str:
    """The purpose as a heading."""
    return purpose_name(purpose).capitalize()


def fill(purpose: str, language: str, facts: Mapping[str, object]) -> Filled:
    """Subject, text and HTML of a letter. `purpose` is a kind, or `several`."""
    values = with_facts(purpose, language, facts)
    subject = " ".join(_filled(purpose, language, "subject.liquid", values).split())
    return Filled(
        subject=subject,
        text=without_gaps(_filled(purpose, language, "text.liquid", values)),
        html=render(letter_html(purpose, language), {**values, "subject": subject}, is_html=True),
    )


def with_facts(purpose: str, language: str, facts: Mapping[str, object]) -> dict[str, object]:
    """The same, and among it what matters most of the documents, as labels and values."""
    return {**facts, "facts": _facts(purpose, language, facts)}


def in_frame(rows: str, values: Mapping[str, object]) -> str:
    """Cleaned rows of HTML between our head and signature; they are not filled again."""
    before, after = _frame().split(_PLACE)
    return render(before, values, is_html=True) + rows + render(after, values, is_html=True)


def without_gaps(text: str) -> str:
    """The text with one empty line at most between its paragraphs."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def fill_edited(language: str, facts: Mapping[str, object], *, subject: str, html: str) -> str:
    """The HTML of a letter that a person wrote: `html` is sanitised, and not filled again."""
    values = {**facts, "language": language, "subject": subject, "letter": ""}
    before, after = edited_html().split(_PLACE)
    return render(before, values, is_html=True) + html + render(after, values, is_html=True)


def edited_in(html: str) -> str:
    """What a person wrote in a letter that `fill_edited` made; nothing where it made none."""
    before, after = edited_html().split(_PLACE)
    opening, closing = _TAG_END.split(before)[-1], _TAG_START.split(after)[0]
    _, is_there, rest = html.partition(opening)
    written, is_whole, _ = rest.rpartition(closing)
    return written if is_there and is_whole else ""


def built_in_sources(purpose: str, language: str) -> tuple[str, str, str]:
    """Subject, plain text and MJML of the built-in template, to begin a new one with."""
    mjml = textwrap.dedent(_source(purpose, language, "html.mjml"))
    names = "subject.liquid", "text.liquid"
    subject, text = (_source(purpose, language, name).strip() for name in names)
    return subject, f"{text}\n", f"{mjml.strip()}\n"


@cache
def letter_html(purpose: str, language: str) -> str:
    """The HTML of a letter with Liquid's tags still in it."""
    return _compiled(_source(purpose, language, "html.mjml"))


@cache
def edited_html() -> str:
    """The HTML around a letter that a person wrote."""
    return _compiled(f'<mj-text css-class="pad">{_PLACE}</mj-text>', signature=False)


@cache
def _frame() -> str:
    return _compiled(f"<mj-raw>{_PLACE}</mj-raw>")


def _compiled(letter: str, *, signature: bool = True) -> str:
    """MJML to HTML. No fonts: naming some makes MJML link to their servers."""
    layout = (DEFAULTS / "layout.mjml").read_text(encoding="utf-8")
    if not signature:
        layout = re.sub(r".*<!-- signature -->.*\n", "", layout)
    return str(mjml.mjml2html(layout.replace(_PLACE, letter), fonts={}))


@cache
def _source(purpose: str, language: str, name: str) -> str:
    return (DEFAULTS / purpose / language / name).read_text(encoding="utf-8")


def _filled(purpose: str, language: str, name: str, values: Mapping[str, object]) -> str:
    return render(_source(purpose, language, name), values, is_html=False)


def _facts(purpose: str, language: str, values: Mapping[str, object]) -> list[dict[str, object]]:
    if not (DEFAULTS / purpose / language / "facts.liquid").exists():
        return []
    return list(_read_facts(_filled(purpose, language, "facts.liquid", values)))


def _read_facts(text: str) -> Iterator[dict[str, object]]:
    """Label and value of each line; a fact that the document leaves open is left out."""
    for line in text.splitlines():
        label, _, value = line.partition(" | ")
        if value.strip():
            yield {
                "label": label.lstrip("*"),
                "value": value.strip(),
                "strong": label.startswith("*"),
            }
