"""Admits XML of strangers: no document type, no entity, no network, bounded in every way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from outtray.lib.errors import Refused

# Measured by the longest document that is taken: 2,000 lines have some 80 elements each.
MOST_ELEMENTS = 400_000
_DEEPEST = 60
_LONGEST_NAME = 200


class _Bounded(TreeBuilder):
    """Counts what is built while it is read, so that a bomb is stopped early."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._depth = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self._count += 1
        self._depth += 1
        if self._count > MOST_ELEMENTS or self._depth > _DEEPEST or len(tag) > _LONGEST_NAME:
            raise Refused(
                "unsafe_xml",
                f"The XML has more than {MOST_ELEMENTS:,} elements, or nests them too deeply, "
                "to be a document.",
            )
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def parse_xml(content: bytes) -> Element:
    """The root element. Raises Refused with what is wrong, by line and column."""
    parser = cast(Any, DefusedXMLParser)(
        target=_Bounded(), forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    try:
        parser.feed(content)
        root = parser.close()
    except DefusedXmlException as unsafe:
        raise Refused(
            "unsafe_xml",
            "The XML has a document type or entities, which no business document needs and "
            "which can do harm. It was not read.",
        ) from unsafe
    except ParseError as wrong:
        line, column = wrong.position
        raise Refused(
            "not_xml", f"The XML cannot be read, in line {line}, column {column + 1}."
        ) from wrong
    except (LookupError, ValueError) as wrong:
        raise Refused(
            "not_xml", "The XML names an encoding that is not known. Save it as UTF-8."
        ) from wrong
    assert isinstance(root, Element)
    return root


class Node:
    """An element, read by short paths of its standard: `cac:Party/cbc:Name`."""

    __slots__ = ("_namespaces", "element")

    def __init__(self, element: Element, namespaces: Mapping[str, str]) -> None:
        self.element = element
        self._namespaces = dict(namespaces)

    def text(self, *paths: str) -> str:
        """The text of the first of these paths that has one, without spaces around it."""
        for path in paths:
            found = self.element.find(path, self._namespaces)
            if found is not None and found.text and found.text.strip():
                return found.text.strip()
        return ""

    def texts(self, path: str) -> list[str]:
        """All texts under a path."""
        found = self.element.findall(path, self._namespaces)
        return [each.text.strip() for each in found if each.text and each.text.strip()]

    def attribute(self, path: str, name: str) -> str:
        found = self.element.find(path, self._namespaces)
        return "" if found is None else found.get(name, "").strip()

    def one(self, *paths: str) -> Node:
        """The first element under these paths, or an empty one."""
        for path in paths:
            found = self.element.find(path, self._namespaces)
            if found is not None:
                return Node(found, self._namespaces)
        return Node(Element("nothing"), self._namespaces)

    def all(self, path: str) -> list[Node]:
        return [
            Node(each, self._namespaces) for each in self.element.findall(path, self._namespaces)
        ]

    @property
    def is_there(self) -> bool:
        return len(self.element) > 0 or bool(self.element.text)


def filled(values: Mapping[str, object]) -> dict[str, object]:
    """Those that say something: what is left out is completed later, what is empty is not."""
    return {name: value for name, value in values.items() if value not in ("", None, {}, [])}
