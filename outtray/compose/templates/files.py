"""What goes with every letter of a template: files as attachments, pictures within it."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.db import transaction

from outtray.compose.attachments.check import MAX_BYTES, check_file, type_of
from outtray.compose.attachments.letter_file import LetterFile
from outtray.compose.filling.compile_mjml import pictures_in
from outtray.compose.templates.keep import require_writer
from outtray.compose.templates.models import Template, TemplateFile
from outtray.compose.templates.write import in_force
from outtray.documents.languages import LANGUAGES
from outtray.lib.errors import Refused
from outtray.people.models import Membership

MAX_PICTURE = 500 * 1024  # it goes with every single letter
MAX_FILES = 20
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


def keep_file(
    membership: Membership, template: Template, *, filename: str, content: bytes, at: datetime
) -> TemplateFile:
    """Enclose a file with every letter. One of the same name takes the place of the old.

    Raises Refused for a file that mail systems would refuse, or for too many of them.
    """
    require_writer(membership, template)
    new = LetterFile(filename.strip(), type_of(filename), content)
    check_file(new)
    return _keep(template, new, is_shown=False, at=at)


def keep_picture(
    membership: Membership, template: Template, *, filename: str, content: bytes, at: datetime
) -> TemplateFile:
    """Let the letters show a picture as `cid:` and its name: PNG, JPEG or GIF."""
    require_writer(membership, template)
    kind = next((kind for head, kind in _PICTURES.items() if content.startswith(head)), "")
    if not kind:
        raise Refused("not_a_picture", "A picture in a letter is a PNG, JPEG or GIF.", field="file")
    if len(content) > MAX_PICTURE:
        raise Refused(
            "too_large",
            f"The picture has {len(content) // 1024} KB, and would go with every letter; "
            f"{MAX_PICTURE // 1024} KB at most.",
            field="file",
        )
    name = _UNSAFE.sub("-", filename).strip("-.")[-60:].lstrip("-.") or "picture"
    return _keep(template, LetterFile(name, kind, content), is_shown=True, at=at)


def drop_file(membership: Membership, template: Template, file: TemplateFile) -> None:
    """Take a file away. A picture that the letters show now stays until they do not."""
    require_writer(membership, template)
    if file.is_shown:
        for language, said in LANGUAGES.items():
            version = in_force(template, language)
            if version and file.filename in pictures_in(version.mjml):
                raise Refused(
                    "picture_in_use", f"The {said} text shows {file.filename}. Change it first."
                )
    template.files.filter(pk=file.pk).delete()


@transaction.atomic
def _keep(template: Template, new: LetterFile, *, is_shown: bool, at: datetime) -> TemplateFile:
    Template.objects.select_for_update().get(pk=template.pk)
    others = list(template.files.exclude(filename=new.filename))
    if len(others) >= MAX_FILES:
        raise Refused("too_many_files", f"A template has {MAX_FILES} files at most.", field="file")
    size = len(new.content) + sum(each.size for each in others)
    if size > MAX_BYTES:
        raise Refused("too_large", f"Its files would have {size // 1024**2} MB.", field="file")
    kept, _ = TemplateFile.objects.update_or_create(
        template=template,
        filename=new.filename,
        defaults={
            "content_type": new.content_type,
            "content": settings.BLOBS.put(new.content),
            "size": len(new.content),
            "is_shown": is_shown,
            "created_at": at,
        },
    )
    return kept
