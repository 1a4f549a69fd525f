"""A letter in the words of a template that people wrote, within our own frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.conf import settings

from outtray.compose.filling.process import LIQUID
from outtray.compose.logo import CID
from outtray.compose.templates.choice import TemplateChoice
from outtray.compose.templates.index import KeptFile, Texts
from outtray.compose.templates.shipped import Filled, fill, in_frame, with_facts, without_gaps
from outtray.mail.mime import InlineImage


def fill_chosen(choice: TemplateChoice, facts: Mapping[str, object]) -> Filled:
    """Subject, text and HTML of a letter by the chosen template.

    Raises Refused("template_wrong") where it cannot be filled with these facts.
    """
    if choice.texts is None:
        return fill(choice.purpose, choice.language, facts)
    pictures = [each.filename for each in choice.files if each.is_shown]
    return fill_written(choice.texts, with_facts(choice.purpose, choice.language, facts), pictures)


def fill_written(texts: Texts, values: Mapping[str, object], pictures: Sequence[str]) -> Filled:
    """The same by texts that somebody wrote; `pictures` names those that are sent along."""
    sources = {"subject": texts.subject, "text": texts.text, "html": texts.html}
    parts = LIQUID.fill(sources, values, [*pictures, CID])
    html = in_frame(parts.rows, {**values, "subject": parts.subject})
    return Filled(parts.subject, without_gaps(parts.text), html)


def shown_in(html: str, choice: TemplateChoice) -> tuple[InlineImage, ...]:
    """The pictures of a template that a letter shows."""
    return tuple(
        InlineImage(each.filename, each.content_type, content_of(each), each.filename)
        for each in choice.files
        if each.is_shown and f"cid:{each.filename}" in html
    )


def content_of(file: KeptFile) -> bytes:
    """The bytes of a template's file."""
    return _read(file.content)


@lru_cache(maxsize=16)
def _read(blob: str) -> bytes:
    """Kept for a while: all letters of a run enclose the same."""
    return bytes(settings.BLOBS.get(blob))
