"""Typst, ready to set: the shipped fonts once for the process, a compiler for each thread.

A compiler that two threads share fails ("Already borrowed"), and a child forked after the
first use hangs: processes that render are spawned, never forked.
"""

from __future__ import annotations

import threading
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from outtray.documents.glyphs import FONTS

_LAYOUT = Path(__file__).with_name("layout")
_threads = threading.local()


def typeset(
    main: str, data: str, *, at: datetime, standard: Literal["a-3b"] | None = None
) -> bytes:
    """The PDF of a layout filled with JSON data. Same layout, data and time, same bytes."""
    content = _compiler().compile(
        input=_LAYOUT / main,
        format="pdf",
        sys_inputs={"data": data},
        timestamp=at,
        pdf_standards=[standard] if standard else [],
    )
    assert isinstance(content, bytes)
    return content


def draw(main: str, data: str, *, at: datetime) -> list[bytes]:
    """The pages of the same as SVG pictures, for the browser to show."""
    pages = _compiler().compile(
        input=_LAYOUT / main, format="svg", sys_inputs={"data": data}, timestamp=at
    )
    found = pages if isinstance(pages, list) else [pages]
    return [page for page in found if page]


def _compiler() -> typst.Compiler:
    if not hasattr(_threads, "compiler"):
        _threads.compiler = typst.Compiler(root=_LAYOUT, font_paths=_fonts())
    compiler: typst.Compiler = _threads.compiler
    return compiler


@cache
def _fonts() -> typst.Fonts:
    """Only what is shipped, so that every machine sets the same page."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
