"""Takes the invoice out of a Factur-X or ZUGFeRD PDF (PDF/A-3 with XML inside).

No PDF is interpreted: an embedded file is a stream object, and stream objects stand in the
file in the open (ISO 32000-1 §7.3.8), whatever else is compressed. Each is inflated within
a bound, and only what is an invoice is looked at.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from outtray.lib.errors import Refused

MOST_XML = 20 * 1024 * 1024  # bytes, inflated
_MOST_STREAMS = 2_000
_DICTIONARY = 2_000  # bytes before `stream` in which its dictionary stands
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_EMBEDDED = re.compile(
    rb"/EmbeddedFile\b|/Subtype\s*/(?:text|application)(?:#2[Ff]|/)xml", re.ASCII
)
_INVOICE = re.compile(rb"<(?:\w+:)?CrossIndustryInvoice\b")


def invoice_in(pdf: bytes) -> bytes:
    """The XML of the invoice. Raises Refused if there is none, or more than one."""
    if b"/Encrypt" in pdf[-4096:] or re.search(rb"/Encrypt\s+\d+\s+\d+\s+R", pdf):
        raise Refused("no_invoice_in_pdf", "The PDF is encrypted, so what is in it cannot be read.")
    found = list(dict.fromkeys(_invoices(pdf)))
    if not found:
        raise Refused(
            "no_invoice_in_pdf",
            "The PDF holds no invoice that can be read: only Factur-X and ZUGFeRD from version 2 "
            "on carry one as XML.",
        )
    if len(found) > 1:
        raise Refused("several_invoices_in_pdf", "The PDF holds several invoices, not one.")
    return found[0]


def _invoices(pdf: bytes) -> Iterator[bytes]:
    for count, start in enumerate(_STREAM.finditer(pdf)):
        if count >= _MOST_STREAMS:
            return
        dictionary = pdf[max(0, start.start() - _DICTIONARY) : start.start()].rpartition(b" obj")[2]
        if _EMBEDDED.search(dictionary):
            content = _content(pdf, start.end(), dictionary)
            if _INVOICE.search(content[:4096]):
                yield content


def _content(pdf: bytes, start: int, dictionary: bytes) -> bytes:
    if b"/FlateDecode" in dictionary or b"/Fl " in dictionary:
        return _inflated(memoryview(pdf)[start:])
    if b"/Filter" in dictionary:
        return b""
    end = pdf.find(b"endstream", start)
    return pdf[start:end].rstrip(b"\r\n") if start <= end <= start + MOST_XML else b""


def _inflated(packed: memoryview) -> bytes:
    """Inflated up to the bound; a bomb is not unpacked further than that."""
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(packed, MOST_XML)
    except zlib.error:
        return b""
    if not inflater.eof and len(content) < MOST_XML:
        raise Refused("no_invoice_in_pdf", "The PDF is not whole: the XML in it breaks off.")
    if not inflater.eof:
        raise Refused("unsafe_xml", "The XML in the PDF is too large to be an invoice.")
    return content
