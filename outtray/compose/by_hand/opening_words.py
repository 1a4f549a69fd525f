"""What a person finds in the editor: the template's words, and below them his own signature."""

from __future__ import annotations

from outtray.compose.facts import one_line
from outtray.compose.filling.editing import editable_html, sanitised
from outtray.compose.letter import Letter
from outtray.people.models import Membership


def opening_words(letter: Letter | None, membership: Membership) -> str:
    """The HTML that the editor begins with; without a letter the signature alone.

    A person's signature stands instead of the one that templates end with.
    """
    signature = sanitised(membership.signature_html)
    if letter is None:
        return f"<div><br><br></div>{signature}" if signature else ""
    if not signature:
        return in_one_block(editable_html(letter.body))
    body = _without_signature(letter, membership)
    return f"{in_one_block(editable_html(body))}<div><br></div>{signature}"


def in_one_block(html: str) -> str:
    """Paragraphs as the editor keeps them apart: by empty lines within one block."""
    inner = html.removeprefix("<p>").removesuffix("</p>").replace("</p><p>", "<br><br>")
    return f"<div>{inner}</div>"


def _without_signature(letter: Letter, membership: Membership) -> str:
    """The plain text without the names at its end, as partials/text/signature.liquid has them."""
    lines = letter.body.rstrip("\n").split("\n")
    company = membership.company
    ours = {letter.sender.name, one_line(company.name), one_line(company.phone)} - {""}
    while lines and lines[-1] in ours:
        lines.pop()
    return "\n".join(lines)
