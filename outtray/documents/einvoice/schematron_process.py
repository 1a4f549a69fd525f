"""The process that keeps Saxon warm and answers which rules a file does not keep.

Saxon's runtime cannot be used after a fork, nor by another thread than the first: it ends the
process that tries. So it lives in a process of its own, which knows nothing but files.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from functools import cache
from typing import Any

import saxonche

from outtray.lib.helper_process import serve

IDLE_SECONDS = 120
MOST_MB = 800  # 130 after the start, 240 with both sets of rules

_READ_ONCE = "http://saxon.sf.net/feature/preEvaluateDocFunction"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def answer(request: Mapping[str, Any]) -> dict[str, object]:
    """The failed rules of the file `xml` by the stylesheet `rules`, or what hindered it."""
    try:
        file = _saxon().parse_xml(xml_text=request["xml"])
        report = _compiled(request["rules"]).transform_to_string(xdm_node=file)
    except saxonche.PySaxonApiError as wrong:
        return {"error": str(wrong)}
    found = ET.fromstring(report).iter(f"{_SVRL}failed-assert")  # noqa: S314 - Saxon has just written it
    return {"failed": [_rule(rule) for rule in found]}


def _rule(found: ET.Element) -> dict[str, str]:
    return {
        "id": found.get("id", ""),
        "flag": found.get("flag", ""),
        "location": found.get("location", ""),
        "text": " ".join("".join(found.itertext()).split()),
    }


@cache
def _saxon() -> Any:
    processor = saxonche.PySaxonProcessor(license=False)
    # The rules of Factur-X look codes up in a file of their own. Read once instead of for every
    # invoice, that makes a check three times as fast.
    processor.set_configuration_property(_READ_ONCE, "on")
    return processor


@cache
def _compiled(rules: str) -> Any:
    return _saxon().new_xslt30_processor().compile_stylesheet(stylesheet_file=rules)


if __name__ == "__main__":
    serve(answer, idle_seconds=IDLE_SECONDS, most_mb=MOST_MB)
