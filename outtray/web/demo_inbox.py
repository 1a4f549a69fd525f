"""The demo's inbox: what its own mail server received. There is none outside the demo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from outtray.mail.reading import ReadMessage, read
from outtray.web.files import download, inline
from outtray.web.frames import framed
from outtray.web.session import PersonRequest, person_required

MOST = 200  # the newest ones; a demo rarely has more


@dataclass(frozen=True, slots=True)
class Mail:
    """One received message, by the number under which it is kept."""

    number: int
    received_at: datetime
    message: ReadMessage

    @property
    def sender(self) -> str:
        return self.message.header("From")

    @property
    def to(self) -> str:
        return self.message.header("X-Envelope-To")

    @property
    def subject(self) -> str:
        return self.message.header("Subject")


@require_GET
@person_required
def index(request: PersonRequest) -> HttpResponse:
    """All received mails, the newest first."""
    files = sorted(_folder().glob("*.eml"), reverse=True)[:MOST]
    return render(request, "outtray/demo/inbox.html", {"mails": [_mail(file) for file in files]})


@require_GET
@person_required
def show(request: PersonRequest, number: int) -> HttpResponse:
    """One mail, as its recipient sees it."""
    return render(request, "outtray/demo/mail.html", {"mail": _numbered(number)})


@require_GET
@person_required
def letter(request: PersonRequest, number: int) -> HttpResponse:  # noqa: ARG001 - for its decorator
    """Its letter alone, for a frame in which nothing runs and nothing is fetched."""
    return framed(_numbered(number).message.html_with_images)


@require_GET
@person_required
def attachment(request: PersonRequest, number: int, position: int) -> HttpResponse:  # noqa: ARG001
    """One of its files; a PDF opens in the browser."""
    files = _numbered(number).message.attachments
    if not 1 <= position <= len(files):
        raise Http404
    file = files[position - 1]
    answer = inline if file.content_type == "application/pdf" else download
    return answer(file.content, file.content_type, file.filename)


def _folder() -> Path:
    if not settings.DEMO_MAILS:
        raise Http404
    return Path(settings.DEMO_MAILS)


def _numbered(number: int) -> Mail:
    file = _folder() / f"{number:06}.eml"
    if not file.exists():
        raise Http404
    return _mail(file)


def _mail(file: Path) -> Mail:
    received_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Mail(int(file.stem), received_at, read(file.read_bytes()))
