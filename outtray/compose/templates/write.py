"""Keep what a template says. Each saving that changes something is a new version."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from outtray.compose.templates.keep import TemplateWish, change_template, require_writer
from outtray.compose.templates.models import Template, TemplateVersion
from outtray.compose.templates.try_texts import TypedTexts, tried
from outtray.documents.languages import LANGUAGES
from outtray.lib.errors import Refused
from outtray.people.models import Membership


def write_template(
    membership: Membership,
    template: Template,
    *,
    language: str,
    subject: str,
    text: str,
    mjml: str,
    at: datetime,
    wish: TemplateWish | None = None,
) -> TemplateVersion:
    """Keep these texts as the next version; the same as before make none.

    With a wish the template is changed together with them, or neither. Raises
    Refused("template_wrong") with field, line and column where they cannot be used.
    """
    require_writer(membership, template)
    if language not in LANGUAGES:
        raise Refused("unknown_language", f"There is no language {language!r}.", field="language")
    typed = TypedTexts(template.purpose, language, *map(_lines, (subject, text, mjml)))
    texts = tried(typed, membership, pictures=pictures_of(template))
    with transaction.atomic():
        Template.objects.select_for_update().get(pk=template.pk)
        if wish:
            change_template(membership, template, wish)
        newest = in_force(template, language)
        if newest and _says(newest) == (typed.subject, typed.text, typed.mjml):
            return newest
        return TemplateVersion.objects.create(
            template=template,
            language=language,
            number=_last_number(template, language) + 1,
            subject=typed.subject,
            text=typed.text,
            mjml=typed.mjml,
            html=texts.html,
            written_by=membership.person,
            created_at=at,
        )


def _says(version: TemplateVersion) -> tuple[str, str, str]:
    return version.subject, version.text, version.mjml


def in_force(template: Template, language: str) -> TemplateVersion | None:
    """What the template says now in a language."""
    return template.versions.filter(language=language).order_by("-number").first()


def pictures_of(template: Template) -> list[str]:
    """The names of the pictures that its letters can show."""
    return list(template.files.filter(is_shown=True).values_list("filename", flat=True))


def _last_number(template: Template, language: str) -> int:
    found = template.versions.filter(language=language).aggregate(last=Max("number"))
    return int(found["last"] or 0)


def _lines(text: str) -> str:
    """With the line ends that all count alike, and without the sign NUL."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
