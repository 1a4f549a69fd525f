"""Texts are tried before they are kept: what cannot be filled is refused where it stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from outtray.compose.filling.compile_mjml import pictures_in
from outtray.compose.filling.fill import Parts
from outtray.compose.filling.liquid import MAX_SOURCE, refused_at
from outtray.compose.filling.process import LIQUID
from outtray.compose.logo import CID
from outtray.compose.templates.index import Texts
from outtray.compose.templates.shipped import Filled, in_frame, without_gaps
from outtray.compose.templates.trial import Trial, minimal_trial, real_trial
from outtray.lib.errors import Refused
from outtray.mail.address import has_control_character, is_invisible
from outtray.people.models import Membership

MAX_SUBJECT_SOURCE = 2_000
_MOST_SUBJECT = 500


@dataclass(frozen=True, slots=True)
class TypedTexts:
    """Texts as somebody types them, for a purpose and in a language."""

    purpose: str
    language: str
    subject: str
    text: str
    mjml: str


def tried(typed: TypedTexts, membership: Membership, *, pictures: Collection[str]) -> Texts:
    """The texts, compiled, if a real document and a minimal one can be written with them.

    `pictures` are the names of those that the template has. Raises Refused("template_wrong")
    with `field` (subject, text, mjml), `line` and `column`.
    """
    _check_signs(typed.subject)
    texts = compiled_texts(typed)
    _check_pictures(typed, pictures)
    real = real_trial(membership, typed.purpose)
    for trial in real, minimal_trial(membership.company, typed.purpose):
        _try(typed, texts, trial, membership, pictures)
    return texts


def compiled_texts(typed: TypedTexts) -> Texts:
    """The texts ready to be filled, on nothing tried yet. Raises Refused like `tried`."""
    _check_sizes(typed)
    return Texts(typed.subject, typed.text, _compiled(typed))


def shown(
    typed: TypedTexts,
    membership: Membership,
    *,
    pictures: Collection[str],
    document: UUID | None = None,
) -> Filled:
    """How a letter with these texts looks on a document. Raises Refused like `tried`."""
    texts = compiled_texts(typed)
    trial = real_trial(membership, typed.purpose, document)
    parts = _try(typed, texts, trial, membership, pictures)
    values = _values(typed, trial, membership)
    html = in_frame(parts.rows, {**values, "subject": parts.subject})
    return Filled(parts.subject, without_gaps(parts.text), html)


def _check_sizes(typed: TypedTexts) -> None:
    for field, most in ("subject", MAX_SUBJECT_SOURCE), ("text", MAX_SOURCE), ("mjml", MAX_SOURCE):
        if len(getattr(typed, field)) > most:
            raise Refused("template_wrong", f"It has more than {most:,} characters.", field=field)
    if not typed.mjml.strip():
        raise Refused("template_wrong", "The letter says nothing.", field="mjml")


def _check_signs(subject: str) -> None:
    """A subject says in the order in which it is read what it says; its lines become one."""
    for at, sign in enumerate(subject):
        if has_control_character(sign) and not sign.isspace():
            why = "a subject cannot hold control characters, nor signs that turn its direction"
            wrong = refused_at(subject, at, why)
            wrong.field = "subject"
            raise wrong


def _compiled(typed: TypedTexts) -> str:
    try:
        return LIQUID.compile(typed.mjml)
    except Refused as wrong:
        wrong.field = "mjml"
        raise


def _check_pictures(typed: TypedTexts, known: Collection[str]) -> None:
    for name in sorted(pictures_in(typed.mjml) - {CID, *known}):
        wrong = refused_at(
            typed.mjml,
            typed.mjml.index(f"cid:{name}"),
            f"the template has no picture “{name}”. Add it to its files first",
        )
        wrong.field = "mjml"
        raise wrong


def _try(
    typed: TypedTexts, texts: Texts, trial: Trial, membership: Membership, pictures: Collection[str]
) -> Parts:
    """Fill what was typed before what was compiled: then a fault is told where it was typed."""
    values = _values(typed, trial, membership)
    try:
        for html in typed.mjml, texts.html:
            sources = {"subject": texts.subject, "text": texts.text, "html": html}
            parts = LIQUID.fill(sources, values, [*pictures, CID])
    except Refused as wrong:
        wrong.field = "mjml" if wrong.field == "html" else wrong.field
        wrong.detail = f"{wrong.detail} This was tried on {trial.name}."
        raise
    if why := _wrong_with_subject(parts.subject):
        raise Refused("template_wrong", f"The subject {why} on {trial.name}.", field="subject")
    return parts


def _wrong_with_subject(subject: str) -> str:
    if is_invisible(subject):
        return "is empty"
    if len(subject) > _MOST_SUBJECT:
        return f"has more than {_MOST_SUBJECT} characters"
    if has_control_character(subject):
        return "holds control characters, or signs that turn its direction,"
    return ""


def _values(typed: TypedTexts, trial: Trial, membership: Membership) -> dict[str, object]:
    sender = membership.person.name
    return trial.values(typed.purpose, typed.language, sender_name=sender)
