"""What a person edits: from our text to the editor's HTML, and safely back again."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

import nh3

_TAGS = {
    "a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "hr", "i", "li", "ol",
    "p", "pre", "s", "del", "strong", "u", "ul", "table", "tbody", "thead", "tr", "td", "th",
}  # fmt: skip
_BLOCKS = {"blockquote", "div", "h1", "h2", "h3", "ol", "p", "pre", "ul", "table", "hr"}


def editable_html(text: str) -> str:
    """A plain text as the simple HTML that an editor starts with."""
    paragraphs = re.split(r"\n{2,}", text.strip("\n"))
    return "".join(f"<p>{escape(each).replace(chr(10), '<br>')}</p>" for each in paragraphs)


def sanitised(html: str) -> str:
    """The HTML with nothing in it that runs, fetches, hides or restyles the page around it."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


def as_text(html: str) -> str:
    """The plain twin of edited HTML: paragraphs, lists with dashes, links with their address."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._href = ""
        self._counters: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"ol", "ul"}:
            self._counters.append(1 if tag == "ol" else 0)
        if tag == "a":
            self._href = dict(attrs).get("href") or ""
        if tag == "li":
            self.pieces.append(f"\n{self._mark()} ")
        elif tag in _BLOCKS:
            self.pieces.append("\n\n")
        elif tag in {"br", "tr"}:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ol", "ul"} and self._counters:
            self._counters.pop()
        if tag == "a":
            self._add_link()
        elif tag in _BLOCKS:
            self.pieces.append("\n\n")
        elif tag in {"td", "th"}:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        self.pieces.append(re.sub(r"\s+", " ", data))

    def _mark(self) -> str:
        if not self._counters or not self._counters[-1]:
            return "-"
        self._counters[-1] += 1
        return f"{self._counters[-1] - 1}."

    def _add_link(self) -> None:
        address = self._href.removeprefix("mailto:").removeprefix("tel:")
        if address and self.pieces and address not in self.pieces[-1]:
            self.pieces.append(f" ({address})")
        self._href = ""
