"""Keeps a company's colour readable on white paper."""

from __future__ import annotations

import re

DEFAULT = "#1f4f82"
_READABLE = 4.5  # contrast of small text (WCAG 2.2, 1.4.3)
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def on_paper(colour: str) -> str:
    """The colour, darkened as far as small text in it needs; its hue stays."""
    if not _HEX.fullmatch(colour):
        return DEFAULT
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    while _contrast_with_white(parts) < _READABLE:
        parts = [int(part * 0.95) for part in parts]
    return "#" + "".join(f"{part:02x}" for part in parts)


def _contrast_with_white(parts: list[int]) -> float:
    red, green, blue = (_linear(part / 255) for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
