"""Admits an SVG only if it is a drawing and nothing else: no script, link, style or reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element
from xml.parsers.expat import ExpatError, ParserCreate

from outtray.lib.errors import Refused

MOST_ELEMENTS = 5_000
_DEEPEST = 50
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"

_ELEMENTS = frozenset(
    {
        "svg", "g", "defs", "title", "desc", "metadata", "symbol", "use", "path", "rect", "circle",
        "ellipse", "line", "polyline", "polygon", "linearGradient", "radialGradient", "stop",
        "clipPath", "mask", "style",
    }
)  # fmt: skip
_URL = re.compile(r"url\(\s*(['\"]?)(.*?)\1\s*\)", re.IGNORECASE | re.DOTALL)
_REACHES_OUT = re.compile(r"@import|expression\s*\(|javascript:|https?:|data:|\\", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([\d.]+(?:e[+-]?\d+)?)\s*(?:px|pt|mm|cm|in|pc)?\s*", re.IGNORECASE)


def check_svg(content: bytes) -> tuple[float, float]:
    """The width and height of the drawing. Raises Refused with what makes it unsafe."""
    root = _parse(content)
    if root.tag != f"{_SVG}svg":
        raise Refused("unreadable_logo", "The file is XML, but not an SVG drawing.")
    for element in _walk(root):
        _check_element(element)
    return _size(root)


def _parse(content: bytes) -> Element:
    """Entities could grow without bound or read files, so a DOCTYPE is refused unread."""
    scout = ParserCreate()
    scout.StartDoctypeDeclHandler = _refuse_doctype
    scout.ProcessingInstructionHandler = _refuse_instruction
    builder = _Depth()
    scout.StartElementHandler = builder.enter
    scout.EndElementHandler = builder.leave
    try:
        content.decode("utf-8-sig")
        scout.Parse(content, True)  # noqa: FBT003 - expat's own signature
        return ET.fromstring(content)  # noqa: S314 - without DOCTYPE, of 1 MB at most
    except (ExpatError, ET.ParseError, ValueError, LookupError) as wrong:
        raise Refused("unreadable_logo", f"The SVG cannot be read: {wrong}.") from wrong


class _Depth:
    """Counts elements and their depth while they are read, to stop early."""

    def __init__(self) -> None:
        self.count = 0
        self.depth = 0

    def enter(self, _name: str, _attributes: object) -> None:
        self.count += 1
        self.depth += 1
        if self.count > MOST_ELEMENTS or self.depth > _DEEPEST:
            raise Refused(
                "unsafe_logo",
                f"The SVG has more than {MOST_ELEMENTS:,} elements, or nests them too deeply. "
                "Simplify the drawing.",
            )

    def leave(self, _name: str) -> None:
        self.depth -= 1


def _refuse_doctype(*_: object) -> NoReturn:
    raise Refused("unsafe_logo", "The SVG has a DOCTYPE, which a logo must not have. Remove it.")


def _refuse_instruction(target: str, _: str) -> None:
    if target != "xml":
        raise Refused("unsafe_logo", f"The SVG has the instruction <?{target[:30]}?>. Remove it.")


def _walk(root: Element) -> Iterator[Element]:
    """Elements of SVG. What drawing programs note in their own namespaces is never drawn."""
    yield root
    for child in root:
        if child.tag.startswith(_SVG) and child.tag != f"{_SVG}metadata":
            yield from _walk(child)
        elif child.tag.startswith("{http://www.w3.org/") and child.tag != f"{_SVG}metadata":
            raise Refused("unsafe_logo", f"The SVG holds foreign content: {child.tag[:80]}.")


def _check_element(element: Element) -> None:
    name = element.tag.removeprefix(_SVG)
    if name not in _ELEMENTS:
        raise Refused("unsafe_logo", f"The SVG has the element <{name[:40]}>. {_advice(name)}")
    if name == "style":
        _check_reach("".join(element.itertext()), "its style sheet")
    for attribute, value in element.attrib.items():
        _check_attribute(name, attribute, value)


def _advice(name: str) -> str:
    if name in {"text", "tspan", "textPath"}:
        return "Convert texts to paths: the font may be missing elsewhere."
    if name == "image":
        return "Upload the image itself as PNG or JPEG."
    return "A logo may only consist of shapes, gradients and groups."


def _check_attribute(element: str, attribute: str, value: str) -> None:
    if attribute.lower().startswith("on"):
        raise Refused("unsafe_logo", f"The SVG reacts to events ({attribute[:40]}). Remove that.")
    if attribute in {"href", _XLINK_HREF}:
        if not value.startswith("#"):
            raise Refused("unsafe_logo", f"The SVG links to something outside: {value[:80]}")
    elif not attribute.startswith("{"):
        _check_reach(value, f"{attribute} of <{element}>")


def _check_reach(value: str, where: str) -> None:
    for _, target in _URL.findall(value):
        if not target.startswith("#"):
            raise Refused("unsafe_logo", f"The SVG refers to something outside, in {where[:60]}.")
    if _REACHES_OUT.search(value):
        raise Refused("unsafe_logo", f"The SVG refers to something outside, in {where[:60]}.")


def _size(root: Element) -> tuple[float, float]:
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        if len(box) == 4:
            return float(box[2]), float(box[3])
        return _length(root.get("width", "")), _length(root.get("height", ""))
    except ValueError as wrong:
        raise Refused("unreadable_logo", "The SVG has neither a viewBox nor a size.") from wrong


def _length(text: str) -> float:
    found = _LENGTH.fullmatch(text)
    if not found:
        raise ValueError(text)
    return float(found.group(1))
