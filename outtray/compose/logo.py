"""The company's logo as a small picture that every mail program can show."""

from __future__ import annotations

import json
import logging
import struct
from dataclasses import dataclass
from functools import lru_cache

import typst
from django.conf import settings

from outtray.lib.blobs import BlobMissing
from outtray.mail.mime import InlineImage
from outtray.people.models import Company

log = logging.getLogger("outtray.compose")

CID = "logo"
_FORMATS = {"png": "png", "jpeg": "jpg", "svg": "svg"}
# Drawn at twice its size, so that it stays sharp on dense screens.
_PIXELS_PER_INCH = 192
_PAGE = """
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#let wanted = json(bytes(sys.inputs.logo))
#let picture(..size) = image(bytes(wanted.content), format: wanted.format, ..size)
#context {
  let high = picture(height: 30pt)
  if measure(high).width > 180pt { picture(width: 180pt) } else { high }
}
"""


@dataclass(frozen=True, slots=True)
class Logo:
    """The picture, and how high it is to be shown, in CSS pixels."""

    image: InlineImage
    height: int


def logo_of(company: Company) -> Logo | None:
    """The company's logo, or None where it has none or it cannot be drawn."""
    if not company.logo or company.logo_format not in _FORMATS:
        return None
    try:
        return _drawn(company.logo, company.logo_format)
    except (BlobMissing, typst.TypstError) as problem:  # a letter without it is better than none
        log.warning(
            "a logo cannot be drawn", extra={"company": company.pk, "problem": repr(problem)}
        )
        return None


@lru_cache(maxsize=64)
def _drawn(blob: str, image_format: str) -> Logo:
    """Drawn once for each blob: mail programs show no SVG, and nobody mails a large photo."""
    content = list(settings.BLOBS.get(blob))
    wanted = json.dumps({"content": content, "format": _FORMATS[image_format]})
    picture = typst.compile(
        _PAGE.encode(),
        format="png",
        ppi=_PIXELS_PER_INCH,
        sys_inputs={"logo": wanted},
        ignore_system_fonts=True,
    )
    assert isinstance(picture, bytes), "one page is one picture"
    (height,) = struct.unpack(">I", picture[20:24])
    return Logo(InlineImage(CID, "image/png", picture, "logo.png"), height // 2)
