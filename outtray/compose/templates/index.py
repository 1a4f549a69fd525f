"""All templates of a company, read in a handful of queries, so that thousands can be picked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from outtray.compose.models import DocumentDefault, PartyDefault
from outtray.compose.templates.models import Level, Template, TemplateFile, TemplateVersion


@dataclass(frozen=True, slots=True)
class Texts:
    """What a template says in one language: Liquid, the HTML already compiled from MJML."""

    subject: str
    text: str
    html: str
    version_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a template; `content` names its blob."""

    filename: str
    content_type: str
    content: str
    size: int
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class KnownTemplate:
    """A template with its texts in force by language, without any tie to the database."""

    id: UUID
    name: str
    level: str
    owner_id: UUID | None
    purpose: str
    is_default: bool
    cc_email: str
    send_from_id: UUID | None
    layout_id: UUID | None
    texts: Mapping[str, Texts]
    files: tuple[KeptFile, ...]


@dataclass(frozen=True, slots=True)
class TemplateIndex:
    """The templates that are not archived, and where they are settled.

    `document_defaults` goes by purpose, `party_defaults` by party and purpose, "" being all.
    """

    templates: Mapping[UUID, KnownTemplate] = field(default_factory=dict)
    document_defaults: Mapping[str, UUID] = field(default_factory=dict)
    party_defaults: Mapping[tuple[UUID, str], UUID] = field(default_factory=dict)

    @classmethod
    def of(cls, company_id: UUID, *, purpose: str = "") -> TemplateIndex:
        """Those of a company: all, or those for one purpose."""
        templates = Template.objects.filter(company_id=company_id, archived_at__isnull=True)
        if purpose:
            templates = templates.filter(purpose=purpose)
        rows = list(templates)
        texts, files = _texts(rows), _files(rows)
        return cls(
            {row.pk: _known(row, texts[row.pk], tuple(files[row.pk])) for row in rows},
            _document_defaults(company_id) if rows else {},
            _party_defaults(company_id) if rows else {},
        )

    def default_of(self, level: Level, purpose: str, owner_id: UUID | None) -> KnownTemplate | None:
        """The one that is taken at this level where nothing else is settled."""
        return next(
            (
                each
                for each in self.templates.values()
                if each.is_default
                and (each.level, each.purpose, each.owner_id) == (level, purpose, owner_id)
            ),
            None,
        )


def _known(row: Template, texts: Mapping[str, Texts], files: tuple[KeptFile, ...]) -> KnownTemplate:
    return KnownTemplate(
        id=row.pk,
        name=row.name,
        level=row.level,
        owner_id=row.owner_id,
        purpose=row.purpose,
        is_default=row.is_default,
        cc_email=row.cc_email,
        send_from_id=row.send_from_id,
        layout_id=row.layout_id,
        texts=texts,
        files=files,
    )


def _texts(templates: list[Template]) -> Mapping[UUID, dict[str, Texts]]:
    """By template and language; of the versions the last one read is the newest."""
    found: dict[UUID, dict[str, Texts]] = defaultdict(dict)
    versions = TemplateVersion.objects.filter(template__in=templates).order_by("number")
    for each in versions.defer("mjml"):
        found[each.template_id][each.language] = Texts(each.subject, each.text, each.html, each.pk)
    return found


def _files(templates: list[Template]) -> Mapping[UUID, list[KeptFile]]:
    found: dict[UUID, list[KeptFile]] = defaultdict(list)
    for each in TemplateFile.objects.filter(template__in=templates).order_by("filename"):
        kept = KeptFile(each.filename, each.content_type, each.content, each.size, each.is_shown)
        found[each.template_id].append(kept)
    return found


def _document_defaults(company_id: UUID) -> dict[str, UUID]:
    settled = DocumentDefault.objects.filter(company_id=company_id, template__isnull=False)
    return {kind: pk for kind, pk in settled.values_list("kind", "template_id") if pk}


def _party_defaults(company_id: UUID) -> dict[tuple[UUID, str], UUID]:
    settled = PartyDefault.objects.filter(party__company_id=company_id, template__isnull=False)
    rows = settled.values_list("party_id", "kind", "template_id")
    return {(party, kind): pk for party, kind, pk in rows if pk}
