"""The files of an email, out of the very message that carried them."""

from __future__ import annotations

import hashlib

from django.conf import settings

from outtray.lib.blobs import BlobMissing
from outtray.mail.reading import read
from outtray.outbox.models import Enclosure


def content_of(enclosure: Enclosure) -> bytes:
    """The bytes of a file as they were sent. Raises BlobMissing.

    Emails accepted by 0.1 kept their files beside the message as well.
    """
    for attachment in read(settings.BLOBS.get(enclosure.email.message)).attachments:
        if hashlib.sha256(attachment.content).hexdigest() == enclosure.content:
            return attachment.content
    try:
        return bytes(settings.BLOBS.get(enclosure.content))
    except BlobMissing as missing:
        raise BlobMissing(f"{enclosure.filename} of {enclosure.email_id}") from missing
