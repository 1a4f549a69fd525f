"""MJML that people write, compiled once when it is saved.

They write what stands between our head and our signature: texts, buttons, tables, pictures,
lines and gaps, one below the other. Their tags and attributes are read here, and written anew;
what stands within them never comes before MJML's own parser. So nothing can be included,
imported or put into the head, and nothing is nested. Liquid's tags pass as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import mjml

from outtray.compose.filling.liquid import DEFAULTS, MAX_SOURCE, refused_at
from outtray.lib.errors import Refused

_HOLDING = {"mj-text", "mj-button", "mj-table"}
_EMPTY = {"mj-image", "mj-divider", "mj-spacer"}
_FREE = {"href", "alt", "title"}  # may hold fields of the document
_SIDES = ("", "-top", "-right", "-bottom", "-left")
_ATTRIBUTES = _FREE | {
    "align", "background-color", "border-color", "border-radius", "border-style", "border-width",
    "cellpadding", "cellspacing", "color", "container-background-color", "css-class",
    "font-family", "font-size", "font-style", "font-weight", "height", "inner-padding",
    "letter-spacing", "line-height", "src", "table-layout", "text-align", "text-decoration",
    "text-transform", "vertical-align", "width",
    *(f"padding{side}" for side in _SIDES),
    *(f"border{side}" for side in _SIDES),
}  # fmt: skip
_PLACE = "<!-- letter -->"
_BEGIN, _END = "<!-- begins -->", "<!-- ends -->"
_GAP = re.compile(r"\s+|<!--.*?-->", re.S)
_LIQUID = re.compile(r"\{%.*?%\}", re.S)
_START = re.compile(r"<([a-zA-Z][\w-]*)")
_ATTRIBUTE = re.compile(r"""\s+([a-zA-Z-]+)\s*=\s*(?:"([^"<>]*)"|'([^'"<>]*)')""")
_START_END = re.compile(r"\s*(/?)>")
_PLAIN_VALUE = re.compile(r"[\w\s#%.,:;()'/+-]*")
_PICTURE = re.compile(r"cid:[A-Za-z0-9][\w.-]*")
_HELD = re.compile(r"@(\d+)@")


def compiled(source: str) -> str:
    """The rows of HTML for this MJML, with Liquid's tags in them.

    Raises Refused("template_wrong") with line and column for what cannot stand there.
    """
    if len(source) > MAX_SOURCE:
        raise Refused("template_wrong", f"The template is longer than {MAX_SOURCE} characters.")
    held: list[str] = []
    body = "".join(_Reader(source, held).pieces())
    rows = f"<mj-raw>{_BEGIN}</mj-raw>{body}<mj-raw>{_END}</mj-raw>"
    try:
        # No fonts: naming some makes MJML link to their servers.
        html = str(mjml.mjml2html(_layout().replace(_PLACE, rows), fonts={}))
    except ValueError as wrong:
        raise Refused("template_wrong", f"This is no MJML: {wrong}.") from wrong
    inner = html[html.index(_BEGIN) + len(_BEGIN) : html.index(_END)]
    return _HELD.sub(lambda place: held[int(place[1])], inner)


@cache
def _layout() -> str:
    return (DEFAULTS / "layout.mjml").read_text(encoding="utf-8")


def pictures_in(source: str) -> set[str]:
    """The names of the pictures that the MJML shows."""
    return {name.removeprefix("cid:") for name in _PICTURE.findall(source)}


@dataclass(slots=True)
class _Reader:
    """Goes through the source once; what people wrote is put aside into `held`."""

    source: str
    held: list[str]
    at: int = 0

    def pieces(self) -> Iterator[str]:
        while self.at < len(self.source):
            if self._take(_GAP):
                continue
            if tag := self._take(_LIQUID):
                yield f"<mj-raw>{self._hold(tag[0])}</mj-raw>"
            else:
                yield self._component()

    def _component(self) -> str:
        began = self.at
        start = self._take(_START)
        if start is None:
            raise self._wrong("Text and fields must stand within <mj-text>")
        name = start[1].lower()
        if name not in _HOLDING | _EMPTY:
            known = ", ".join(sorted(_HOLDING | _EMPTY))
            raise self._wrong(f"<{name}> cannot stand here; there are {known}", began)
        attributes = "".join(self._attributes(name))
        end = self._take(_START_END)
        if end is None:
            raise self._wrong(f"<{name}> has an attribute that cannot be read")
        content = "" if end[1] else self._content(name, began)
        if name in _EMPTY and content.strip():
            raise self._wrong(f"Nothing can stand within <{name}>", began)
        return f"<{name}{attributes}>{self._hold(content) if content.strip() else ''}</{name}>"

    def _attributes(self, name: str) -> Iterator[str]:
        while given := self._take(_ATTRIBUTE):
            attribute, value = given[1].lower(), given[2] if given[2] is not None else given[3]
            self._check(name, attribute, value, given.start(1))
            kept = self._hold(value) if attribute in _FREE else value
            yield f' {attribute}="{kept}"'

    def _check(self, name: str, attribute: str, value: str, at: int) -> None:
        if attribute not in _ATTRIBUTES:
            raise self._wrong(f"<{name}> cannot have {attribute}", at)
        if attribute == "src" and not _PICTURE.fullmatch(value):
            raise self._wrong(
                "A picture must come along with the email, not from elsewhere: add it to the "
                'template\'s files and write src="cid:its-name.png"',
                at,
            )
        if attribute not in _FREE and not _PLAIN_VALUE.fullmatch(value):
            raise self._wrong(f"{attribute} cannot hold fields or such characters", at)

    def _content(self, name: str, began: int) -> str:
        end = re.compile(rf"</{name}\s*>", re.I).search(self.source, self.at)
        if end is None:
            raise self._wrong(f"<{name}> is not closed", began)
        content = self.source[self.at : end.start()]
        if inner := re.search(r"</?mj-", content, re.I):
            raise self._wrong(f"Nothing of MJML can stand within <{name}>", self.at + inner.start())
        self.at = end.end()
        return content

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.source, self.at)
        if found:
            self.at = found.end()
        return found

    def _hold(self, text: str) -> str:
        self.held.append(text)
        return f"@{len(self.held) - 1}@"

    def _wrong(self, why: str, at: int | None = None) -> Refused:
        return refused_at(self.source, self.at if at is None else at, why)
