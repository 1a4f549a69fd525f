"""How documents look, as plain values that any process can set pages with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from outtray.documents.pdf.colour import DEFAULT

Design = Literal["classic", "modern"]
Font = Literal["Inter", "IBM Plex Sans", "Source Serif 4"]
FooterPart = Literal["address", "contact", "legal", "bank"]

DESIGNS: tuple[Design, ...] = get_args(Design)
FONTS: tuple[Font, ...] = get_args(Font)
FOOTER_PARTS: tuple[FooterPart, ...] = get_args(FooterPart)


@dataclass(frozen=True, slots=True)
class LogoPicture:
    """A logo as SVG text. Its size gives the shape only."""

    svg: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class LookTexts:
    """What a layout says in one language: above the lines, at the end, and in the footer."""

    before: str = ""
    after: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How documents look. Frozen and without database objects, so that it can be sent anywhere.

    `hidden` names the columns that a kind does not show, `texts` has one entry a language.
    """

    design: str = DESIGNS[0]
    paper: str = "a4"
    colour: str = DEFAULT
    font: str = FONTS[0]
    logo: LogoPicture | None = None
    hidden: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, LookTexts] = field(default_factory=dict)
    footer: tuple[str, ...] = FOOTER_PARTS

    def texts_in(self, language: str) -> LookTexts:
        return self.texts.get(language, LookTexts())

    def hides(self, kind: str, column: str) -> bool:
        return column in self.hidden.get(kind, ())
