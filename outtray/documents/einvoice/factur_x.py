"""Makes a PDF/A-3b that carries its invoice a Factur-X file: the metadata says so.

Typst writes the attachment but not this block of metadata. It is added by an incremental
update (ISO 32000-1 §7.5.6): the metadata object once more behind the file, and a table that
leads to it. Nothing else is touched, and it takes a fifth of a millisecond.
"""

from __future__ import annotations

import re

from outtray.documents.pdf.typesetting import EmbeddedFile

FILENAME = "factur-x.xml"
_PROFILE = "EN 16931"
_NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"

_END = re.compile(
    rb"trailer\s*<<(?P<entries>[^<>]*(?:<[0-9A-Fa-f]*>[^<>]*)*)>>\s*startxref\s+(?P<at>\d+)\s+%%EOF\s*\Z"
)
_METADATA = re.compile(
    rb"\d+ 0 obj\s*<<(?P<entries>[^<>]*)>>\s*stream\r?\n(?P<xmp>.*?)\r?\nendstream", re.DOTALL
)
_CATALOG = re.compile(rb"/Metadata (\d+) 0 R")
_BAG_END = b"</rdf:Bag></pdfaExtension:schemas>"
_RDF_END = b"</rdf:RDF>"

_PROPERTIES = (
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document in capital letters"),
    ("Version", "The actual version of the standard applying to the embedded XML document"),
    ("ConformanceLevel", "The conformance level of the embedded XML document"),
)


class UnknownPdfError(Exception):
    """The PDF is not written as we know Typst to write it, so it cannot be amended."""


def embedded(xml: bytes) -> EmbeddedFile:
    """The invoice as it is attached: the same facts as the pages, in another form."""
    return EmbeddedFile(
        filename=FILENAME, content=xml.decode(), description="The invoice as data (Factur-X)"
    )


def with_factur_x(pdf: bytes) -> bytes:
    """The same file, whose metadata names the attached invoice and its profile."""
    end = _END.match(pdf, max(0, pdf.rfind(b"trailer")))
    if end is None or pdf[int(end["at"]) : int(end["at"]) + 4] != b"xref":
        raise UnknownPdfError("it ends without a classic table of objects")
    number, xmp = _metadata_of(pdf)
    body = _object(number, _amended(xmp))
    start = len(pdf) + (0 if pdf.endswith(b"\n") else 1)
    table = b"xref\n%d 1\n%010d 00000 n\r\n" % (number, start)
    trailer = b"trailer\n<<%b/Prev %d>>\n" % (end["entries"].strip(), int(end["at"]))
    gap = b"" if pdf.endswith(b"\n") else b"\n"
    place = start + len(body)
    return b"".join([pdf, gap, body, table, trailer, b"startxref\n%d\n%%%%EOF\n" % place])


def _metadata_of(pdf: bytes) -> tuple[int, bytes]:
    """Number and content of the metadata that the catalogue names: one, and not compressed."""
    named = set(_CATALOG.findall(pdf))
    if len(named) != 1 or pdf.count(b"/Type/Metadata") != 1:
        raise UnknownPdfError("it has not one plain block of metadata")
    (number,) = named
    found = _METADATA.match(pdf, pdf.rfind(b"\n%b 0 obj" % number) + 1)
    if found is None or b"/Type/Metadata" not in found["entries"]:
        raise UnknownPdfError("its metadata are not where its catalogue says")
    if b"/Filter" in found["entries"]:
        raise UnknownPdfError("its metadata are compressed")
    return int(number), found["xmp"]


def _amended(xmp: bytes) -> bytes:
    """Into the list of extensions that is there, since a second one would not be read."""
    if xmp.count(_BAG_END) != 1 or xmp.count(_RDF_END) != 1:
        raise UnknownPdfError("its metadata have not one list of extensions")
    extended = xmp.replace(_BAG_END, _extension() + _BAG_END)
    return extended.replace(_RDF_END, _description() + _RDF_END)


def _extension() -> bytes:
    listed = "".join(
        '<rdf:li rdf:parseType="Resource">'
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{text}</pdfaProperty:description>"
        f"<pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
        for name, text in _PROPERTIES
    )
    return (
        '<rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{_NAMESPACE}</pdfaSchema:namespaceURI>"
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{listed}</rdf:Seq></pdfaSchema:property></rdf:li>"
    ).encode()


def _description() -> bytes:
    return (
        f'<rdf:Description rdf:about="" xmlns:fx="{_NAMESPACE}">'
        "<fx:DocumentType>INVOICE</fx:DocumentType>"
        f"<fx:DocumentFileName>{FILENAME}</fx:DocumentFileName>"
        "<fx:Version>1.0</fx:Version>"
        f"<fx:ConformanceLevel>{_PROFILE}</fx:ConformanceLevel></rdf:Description>"
    ).encode()


def _object(number: int, content: bytes) -> bytes:
    head = b"%d 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n" % (number, len(content))
    return head + content + b"\nendstream\nendobj\n"
