"""Typst, ready to set: the shipped fonts once for the process, a compiler for each thread.

A compiler that two threads share fails ("Already borrowed"), and a child forked after the
first use hangs: processes that render are spawned, never forked.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from outtray.documents.glyphs import FONTS

_LAYOUT = Path(__file__).with_name("layout")
_threads = threading.local()

Standard = Literal["a-3b"]
Format = Literal["pdf", "svg", "png"]


def typeset(main: str, data: str, *, at: datetime) -> bytes:
    """The PDF of a layout filled with JSON data. Same layout, data and time, same bytes."""
    return _compiled(_LAYOUT / main, {"data": data}, "pdf", at=at)[0]


def typeset_document(
    data: str,
    look: str,
    *,
    at: datetime,
    standard: Standard | None = None,
    is_sole: bool = False,
) -> bytes:
    """The PDF of a business document, both as JSON. Cheapest with the look of the last one.

    `is_sole` says that it has one page. With more it comes out without numbers on them.
    """
    source = _filled(data, is_sole=is_sole)
    return _compiled(source, {"look": look}, "pdf", at=at, standard=standard)[0]


def draw_document(
    data: str, look: str, *, at: datetime, form: Literal["svg", "png"] = "svg", ppi: int = 144
) -> list[bytes]:
    """The pages of the same as pictures."""
    return _compiled(_filled(data), {"look": look}, form, at=at, ppi=ppi)


def _filled(data: str, *, is_sole: bool = False) -> bytes:
    """The document as a call of the layout, the data in a literal that no data can leave.

    Any change of Typst's inputs makes it build and hash its library anew, a tenth of a page's
    time. So only the look is an input, and changes seldom.
    """
    literal = data.replace("\\", "\\\\").replace('"', '\\"')
    call = f'page-of(json(bytes("{literal}")), sole: {str(is_sole).lower()})'
    return f'#import "document.typ": page-of\n#{call}'.encode()


def _compiled(
    source: Path | bytes,
    inputs: Mapping[str, str],
    form: Format,
    *,
    at: datetime,
    standard: Standard | None = None,
    ppi: int = 144,
) -> list[bytes]:
    compiler, is_kept = _compiler(), _threads.inputs == inputs
    _threads.inputs = {}
    made = compiler.compile(
        input=source,  # type: ignore[type-var] # the stub takes either, not both
        format=form,
        sys_inputs=... if is_kept else dict(inputs),
        timestamp=at,
        ppi=ppi,
        pdf_standards=[standard] if standard else [],
    )
    _threads.inputs = inputs
    pages = made if isinstance(made, list) else [made]
    return [page for page in pages if page]


def _compiler() -> typst.Compiler:
    if not hasattr(_threads, "compiler"):
        _threads.compiler = typst.Compiler(root=_LAYOUT, font_paths=_fonts())
        _threads.inputs = {}
    compiler: typst.Compiler = _threads.compiler
    return compiler


@cache
def _fonts() -> typst.Fonts:
    """Only what is shipped, so that every machine sets the same page."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
