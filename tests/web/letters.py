"""The form of a letter as it is typed, and the message that comes of it."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from django.conf import settings

from outtray.documents.models import Document, Party
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email


def typed(
    mailbox: Mailbox, *documents: Document, party: Party | None = None, **changed: object
) -> dict[str, object]:
    """The form of a letter about these documents, as a person sends it."""
    return {
        "sender": str(mailbox.pk),
        "documents": ",".join(str(document.pk) for document in documents),
        "party": str(party.pk) if party else "",
        "to": "einkauf@kunde.example",
        "cc": "",
        "bcc": "",
        "subject": "About the invoice",
        "body": "<div>Good day</div>",
        "timing": "now",
        **changed,
    }


def sent_message() -> EmailMessage:
    """The message of the only email, as another program reads it."""
    content = settings.BLOBS.get(Email.objects.get().message)
    read = message_from_bytes(content, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def sent_html() -> str:
    """Its HTML."""
    body = sent_message().get_body(("html",))
    assert body
    return str(body.get_content())
