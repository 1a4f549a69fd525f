"""Files for the browser: kept by the person, or shown in the page."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from outtray.compose.attachments.letter_file import LetterFile

# What a browser may show by itself; all else is only ever saved.
_SHOWABLE = {"application/pdf": "application/pdf", "image/png": "image/png"}


def download(content: bytes, content_type: str, filename: str) -> HttpResponse:
    """A file to be saved. It never runs as a page of ours, whatever it calls itself."""
    response = HttpResponse(
        content, content_type=_SHOWABLE.get(content_type, "application/octet-stream")
    )
    return _named(response, filename, as_attachment=True)


def inline(content: bytes, content_type: str, filename: str) -> HttpResponse:
    """A PDF or picture of our own making, shown in a frame of a page."""
    response = HttpResponse(content, content_type=_SHOWABLE[content_type])
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    return _named(response, filename, as_attachment=False)


def enclosed(file: LetterFile) -> HttpResponse:
    """A file of a letter: a document of ours is shown, all else only ever saved."""
    is_ours = file.document is not None and file.content_type in _SHOWABLE
    return (inline if is_ours else download)(file.content, file.content_type, file.filename)


def picture(svg: bytes) -> HttpResponse:
    """A picture of our own making. Opened by itself it is only that: nothing in it runs."""
    response = HttpResponse(svg, content_type="image/svg+xml")
    response.headers["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _named(response: HttpResponse, filename: str, *, as_attachment: bool) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=as_attachment, filename=filename)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response
