"""Holds XML against the vendored schemas: no network, no entities, bounded."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

MAX_XML_BYTES = 20 * 1024 * 1024  # 2,000 lines are 4 MB

_EXTENSION = Path(__file__).with_name("schemas") / "extension.xsd"
_MOST_ERRORS = 20
# A schema keeps the errors of its last file in itself. A check takes a millisecond.
_checking = threading.Lock()


@dataclass(frozen=True, slots=True)
class SchemaError:
    """Where a file does not fit: the line in it, and the words of the checker."""

    line: int
    message: str


def parsed(content: bytes) -> Any:
    """The root element. Raises ValueError where it is no XML, or more than we read.

    A document type is refused as a whole: with it come entities.
    """
    if len(content) > MAX_XML_BYTES:
        raise ValueError(f"it is larger than {MAX_XML_BYTES // 1024**2} MB")
    try:
        tree = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as wrong:
        raise ValueError(str(wrong)) from wrong
    if tree.getroottree().docinfo.internalDTD is not None:
        raise ValueError("it has a document type, which is not read")
    return tree


def schema_errors(root: Any, schema: Path) -> tuple[SchemaError, ...]:
    """What does not fit the schema, in the order of the file; nothing, where all does."""
    checker = _schema(schema)
    with _checking:
        if checker.validate(root):
            return ()
        return tuple(
            SchemaError(error.line, str(error.message))
            for error in checker.error_log[:_MOST_ERRORS]
        )


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        huge_tree=False,
    )


@cache
def _schema(path: Path) -> Any:
    parser = etree.XMLParser(no_network=True, load_dtd=False)
    parser.resolvers.add(_OwnExtension())
    return etree.XMLSchema(etree.parse(str(path), parser))


class _OwnExtension(etree.Resolver):  # type: ignore[misc] # lxml has no types
    """Gives our module of extensions in the place of UBL's, which imports signatures."""

    def resolve(self, url: str, public_id: str, context: Any) -> Any:
        del public_id
        if url.endswith("/UBL-ExtensionContentDataType-2.1.xsd"):
            return self.resolve_filename(str(_EXTENSION), context)
        return None
