"""Keep what a person has begun to write, on every change, without losing another change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from outtray.compose.attachments.check import check_file, check_files
from outtray.compose.attachments.letter_file import LetterFile
from outtray.compose.by_hand.models import Draft, DraftFile
from outtray.lib.errors import Refused
from outtray.people.models import Membership

MAX_DRAFTS = 200  # of one person
MAX_KEPT_BYTES = 100 * 1024 * 1024  # files of all drafts of one person
MAX_HTML = 200_000  # characters


@dataclass(frozen=True, slots=True)
class Begun:
    """What stands in the form. Addresses are texts: they may be half typed."""

    documents: tuple[UUID, ...] = ()
    party_id: UUID | None = None
    mailbox_id: UUID | None = None
    to: str = ""
    cc: str = ""
    bcc: str = ""
    reply_to: str = ""
    subject: str = ""
    html: str = ""
    language: str = ""
    template: str = ""
    layout: str = ""
    resend_of: UUID | None = None


def keep(
    membership: Membership, draft_id: UUID, begun: Begun, *, version: int, at: datetime
) -> Draft:
    """Keep a draft as it stands. `version` is the one that was changed, 0 for a new draft.

    Raises Refused: "draft_changed" if it was changed elsewhere since, "draft_gone" if it was
    sent or deleted, "too_many_drafts", "too_large".
    """
    if len(begun.html) > MAX_HTML:
        raise Refused("too_large", f"A text has {MAX_HTML:,} characters at most.", field="body")
    fields = {**asdict(begun), "documents": [str(each) for each in begun.documents]}
    mine = Draft.objects.visible_to(membership).filter(pk=draft_id)
    if version == 0 and not mine.exists():
        return _begin(membership, draft_id, fields, at=at)
    changed = mine.filter(version=version).update(**fields, version=F("version") + 1, changed_at=at)
    if not changed:
        raise _overtaken(membership, draft_id)
    return mine.defer("seen_message").get()


def _begin(
    membership: Membership, draft_id: UUID, fields: dict[str, object], *, at: datetime
) -> Draft:
    if Draft.objects.visible_to(membership).count() >= MAX_DRAFTS:
        raise Refused(
            "too_many_drafts",
            f"You have {MAX_DRAFTS} drafts. Send or delete some, so that this one can be kept.",
        )
    try:
        with transaction.atomic():
            return Draft.objects.create(
                id=draft_id,
                company_id=membership.company_id,
                person_id=membership.person_id,
                created_at=at,
                changed_at=at,
                **fields,
            )
    except IntegrityError as taken:
        raise _overtaken(membership, draft_id) from taken


def require_version(membership: Membership, draft_id: UUID, version: int) -> Draft | None:
    """The draft, if it still is what the page shows; None if it was never kept.

    Raises Refused: "draft_changed", "draft_gone".
    """
    draft = Draft.objects.visible_to(membership).filter(pk=draft_id).first()
    if draft is None and version == 0:
        return None
    if draft is None or draft.version != version:
        raise _overtaken(membership, draft_id)
    return draft


def attach_file(draft: Draft, file: LetterFile, *, at: datetime) -> DraftFile:
    """Add a file. Raises Refused where it cannot go, or not with the others."""
    warnings = check_file(file)
    with transaction.atomic():
        _next_version(draft, at=at)
        check_files([*files_of(draft), file])
        _require_room(draft, len(file.content))
        return DraftFile.objects.create(
            draft=draft,
            filename=file.filename,
            content_type=file.content_type,
            content=file.content,
            size=len(file.content),
            warnings=[warning.sentence for warning in warnings],
        )


def remove_file(draft: Draft, file_id: int, *, at: datetime) -> None:
    """Take a file away again; one that is gone already is no problem."""
    with transaction.atomic():
        _next_version(draft, at=at)
        draft.files.filter(pk=file_id).delete()


def files_of(draft: Draft) -> Sequence[LetterFile]:
    """Its files as they go with the letter."""
    return [
        LetterFile(each.filename, each.content_type, bytes(each.content))
        for each in draft.files.all()
    ]


def _next_version(draft: Draft, *, at: datetime) -> None:
    """Every change counts, or another window would send what it does not show."""
    same = Draft.objects.filter(pk=draft.pk, version=draft.version)
    if not same.update(version=F("version") + 1, changed_at=at):
        raise Refused("draft_gone", "This draft was sent or deleted elsewhere.")
    draft.refresh_from_db(fields=["version", "changed_at"])


def _require_room(draft: Draft, size: int) -> None:
    others = DraftFile.objects.filter(
        draft__company_id=draft.company_id, draft__person_id=draft.person_id
    )
    kept = others.aggregate(kept=Sum("size"))["kept"] or 0
    if kept + size > MAX_KEPT_BYTES:
        raise Refused(
            "too_large",
            f"The files of your drafts have more than {MAX_KEPT_BYTES // 1024**2} MB together. "
            "Send or delete some drafts.",
        )


def _overtaken(membership: Membership, draft_id: UUID) -> Refused:
    draft = Draft.objects.visible_to(membership).filter(pk=draft_id).first()
    if draft is None:
        return Refused("draft_gone", "This draft was sent or deleted elsewhere.")
    return Refused(
        "draft_changed",
        "This draft was changed in another window or on another device.",
        version=draft.version,
        changed_at=draft.changed_at,
    )
