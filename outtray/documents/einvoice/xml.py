"""Writes XML by nesting calls: what has no content is left out by itself."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Xml(str):
    """Markup, which is not escaped again."""

    __slots__ = ()


NOTHING = Xml("")


def tag(name: str, *content: str, **attributes: str) -> Xml:
    """An element with this content; nothing, where all of that is empty.

    Text is escaped, elements stand as they are, attributes without a value are left out.
    Texts of papers hold no characters that XML forbids: their schema refuses them.
    """
    inner = "".join(part if isinstance(part, Xml) else escape(part) for part in content)
    if not inner:
        return NOTHING
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value)
    return Xml(f"<{name}{given}>{inner}</{name}>")


def many(*elements: Xml) -> Xml:
    """Elements after one another."""
    return Xml("".join(elements))


def document(name: str, namespaces: dict[str, str], *content: Xml) -> bytes:
    """The whole file, in UTF-8. The empty prefix is the default namespace."""
    given = {f"xmlns:{prefix}" if prefix else "xmlns": uri for prefix, uri in namespaces.items()}
    return f"{DECLARATION}{tag(name, *content, **given)}\n".encode()
