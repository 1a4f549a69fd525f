"""Letters in frames: their own HTML, in which nothing runs and nothing is fetched."""

from __future__ import annotations

import base64

from django.http import HttpResponse

from outtray.compose.letter import Letter

# The sandbox gives the frame an origin of its own, without scripts, forms or navigation.
_LETTER = "; ".join(
    (
        "sandbox",
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "frame-ancestors 'self'",
    )
)
_PLAIN = '<!doctype html><meta charset="utf-8"><title>Letter</title>'


def framed(html: str) -> HttpResponse:
    """The HTML of a letter under its own strict policy."""
    page = html if html.lstrip()[:9].lower() == "<!doctype" else _PLAIN + html
    response = HttpResponse(page)
    response.headers["Content-Security-Policy"] = _LETTER
    response.headers["Cache-Control"] = "private, no-store"
    return response


def letter_html(letter: Letter) -> str:
    """The HTML of a letter that was not sent yet, with its own pictures in it."""
    html = letter.html
    for image in letter.inline:
        picture = base64.b64encode(image.content).decode()
        html = html.replace(f"cid:{image.cid}", f"data:{image.content_type};base64,{picture}")
    return html
