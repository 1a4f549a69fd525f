"""What a layout is shown on while it is made: a document of the company, else a sample."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from outtray.documents.checking import check
from outtray.documents.models import Document
from outtray.documents.samples.further import all_samples
from outtray.people.models import Company, Membership


def paper_to_show(
    membership: Membership, kind: str, language: str, *, at: datetime
) -> Mapping[str, object]:
    """The data of the newest document of the kind in that language; without one, a sample's."""
    known = Document.objects.visible_to(membership).filter(kind=kind, language=language)
    newest = known.order_by("-pk").first()
    return newest.data if newest else _sample(kind, language, membership.company, at=at)


def _sample(kind: str, language: str, company: Company, *, at: datetime) -> Mapping[str, object]:
    samples = {each["kind"]: each for each in all_samples(at.date())}
    paper, problems = check({**samples[kind], "language": language}, company)
    assert paper, problems
    return paper.model_dump(mode="json")
