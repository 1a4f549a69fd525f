"""The test mail that Validate sends from a mailbox to itself."""

from __future__ import annotations

import html
from datetime import datetime
from importlib import resources
from string import Template

from outtray.documents.languages import LANGUAGES
from outtray.mail.address import Address, NamedAddress
from outtray.mail.envelope import Envelope
from outtray.mail.message_id import new_message_id
from outtray.mail.mime import Content, assemble


def test_mail(
    sender: Address, *, sender_name: str, greeted: str, language: str, at: datetime
) -> tuple[Envelope, bytes]:
    """The envelope and the bytes, in the person's language. `greeted` is whom it addresses."""
    words = {"name": greeted or str(sender), "address": str(sender)}
    safe = {name: html.escape(word) for name, word in words.items()}
    own = NamedAddress(sender_name, sender)
    content = Content(
        sender=own,
        to=(own,),
        subject=_file(language, "subject.txt").strip(),
        text=Template(_file(language, "txt")).substitute(words),
        html=Template(_file(language, "html")).substitute(safe),
        headers=(("Auto-Submitted", "auto-generated"),),
    )
    message = assemble(content, message_id=new_message_id(sender.domain), date=at)
    return Envelope(sender=sender, recipients=(sender,)), message


def _file(language: str, kind: str) -> str:
    name = f"{language if language in LANGUAGES else 'en'}.{kind}"
    return resources.files("outtray.diagnosis").joinpath("test_mail", name).read_text()
