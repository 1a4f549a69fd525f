"""An email as a draft once more: what was undone, or failed, can be put right and sent."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from outtray.compose.attachments.letter_file import LetterFile
from outtray.compose.by_hand.drafts import Begun, attach_file, keep
from outtray.compose.by_hand.models import Draft
from outtray.compose.by_hand.opening_words import in_one_block
from outtray.compose.filling.editing import as_text, editable_html, sanitised
from outtray.compose.models import TemplateFile, TemplateVersion
from outtray.compose.templates.shipped import edited_in
from outtray.lib.ids import new_id
from outtray.mail.reading import ReadMessage, read
from outtray.outbox.models import Email, Recipient
from outtray.outbox.states import RecipientState
from outtray.people.models import Membership

_FOOTER = "\n-- \n"  # RFC 3676 §4.3: the company's footer comes back with the new letter


def draft_again(email: Email, *, membership: Membership, at: datetime) -> Draft:
    """A draft with its words, its own files and those who have not got it; its documents as
    they are now.

    Raises Refused where there are too many drafts.
    """
    message = read(settings.BLOBS.get(email.message))
    begun = _begun(email, message)
    with transaction.atomic():
        draft = keep(membership, new_id(), begun, version=0, at=at)
        for file in _own_files(email, message):
            attach_file(draft, file, at=at)
    return draft


def _begun(email: Email, message: ReadMessage) -> Begun:
    recipients = _who_has_not(email)
    return Begun(
        documents=_documents(email),
        mailbox_id=email.mailbox_id,
        to=_listed(recipients, Recipient.Kind.TO),
        cc=_listed(recipients, Recipient.Kind.CC),
        bcc=_listed(recipients, Recipient.Kind.BCC),
        reply_to=message.header("Reply-To")[:500],
        subject=email.subject[:500],
        html=_words(message),
        resend_of=email.pk,
    )


def _words(message: ReadMessage) -> str:
    """What a person wrote as he formatted it; a template's words as the editor begins with them.

    Only HTML that says what the plain text says is his: anything else is not of our making.
    """
    text = message.text.partition(_FOOTER)[0]
    written = sanitised(edited_in(message.html))
    if written and as_text(written).split() == text.split():
        return written
    return in_one_block(editable_html(text))


def _who_has_not(email: Email) -> list[Recipient]:
    """Those whom no server took it for; all, if every one was served."""
    everybody = list(email.recipients.all())
    left = [each for each in everybody if each.state != RecipientState.ACCEPTED]
    return left or everybody


def _listed(recipients: list[Recipient], kind: Recipient.Kind) -> str:
    return ", ".join(each.address for each in recipients if each.kind == kind)


def _documents(email: Email) -> tuple[UUID, ...]:
    shown = email.enclosures.filter(document__isnull=False).order_by("pk")
    return tuple(dict.fromkeys(shown.values_list("document_id", flat=True)))


def _own_files(email: Email, message: ReadMessage) -> list[LetterFile]:
    """Those that come neither with a document nor with the template, which bring their own."""
    papers = email.enclosures.filter(document__isnull=False).values_list("content", flat=True)
    written_with = TemplateVersion.objects.filter(pk__in=[email.template_version_id])
    files = TemplateFile.objects.filter(template__in=written_with.values("template"))
    kept = files.values_list("content", flat=True)
    brought = {*papers, *kept}
    return [
        LetterFile(each.filename, each.content_type, each.content)
        for each in message.attachments
        if hashlib.sha256(each.content).hexdigest() not in brought
    ]
