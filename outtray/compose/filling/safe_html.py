"""What of a letter's own HTML may reach a customer: nothing that runs, fetches or breaks out."""

from __future__ import annotations

import re
from collections.abc import Collection

import nh3

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "del", "div", "em", "h1", "h2", "h3",
    "h4", "hr", "i", "img", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {
        "align", "bgcolor", "border", "cellpadding", "cellspacing", "class", "dir", "height",
        "lang", "role", "style", "title", "valign", "width",
    },
    "a": {"href"},
    "img": {"alt", "src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}  # fmt: skip
_STYLES = {
    "background", "background-color", "border-collapse", "border-radius", "border-spacing",
    "color", "direction", "display", "font", "font-family", "font-size", "font-style",
    "font-variant-numeric", "font-weight", "height", "letter-spacing", "line-height", "list-style",
    "list-style-type", "max-width", "min-width", "mso-padding-alt", "outline", "table-layout",
    "text-align", "text-decoration", "text-transform", "vertical-align", "white-space", "width",
    "word-break",
    *(f"{edge}{side}" for edge in ("margin", "padding", "border")
      for side in ("", "-top", "-right", "-bottom", "-left")),
}  # fmt: skip
# What fetches in CSS, or could be written so that we do not see it.
_FETCHES = re.compile(r"url|src|image|expression|@|\\|/\*", re.I)
_TABLE = (
    '<table border="0" cellpadding="0" cellspacing="0" role="presentation" width="100%">'
    "<tbody>{}</tbody></table>"
)


def safe_rows(rows: str, *, pictures: Collection[str]) -> str:
    """The rows of a letter as one cleaned row, closed whatever they leave open.

    Of pictures only those sent along stay: `pictures` are their Content-IDs (RFC 2392).
    """
    shown = {f"cid:{each}" for each in pictures}

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "src":
            return value if tag == "img" and value in shown else None
        if attribute == "style":
            return None if _FETCHES.search(value) else value
        return value

    cleaned = nh3.clean(
        _TABLE.format(rows),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        filter_style_properties=_STYLES,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        url_relative="deny",  # relative to nothing; and \\host asks Windows for a password
        link_rel="noopener noreferrer",
    )
    return f'<tr><td style="padding:0;">{cleaned}</td></tr>'
