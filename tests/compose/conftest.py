"""Documents as they are imported, and a mailbox to send them from."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from outtray.documents.importing import import_documents
from outtray.documents.models import Document
from outtray.documents.samples.further import all_samples
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company, Membership
from tests.builders import user_email

Import = Callable[..., Document]


@pytest.fixture
def mailbox(ben: Membership, at: datetime) -> Mailbox:
    """Ben's User Email."""
    return user_email(ben, at=at)


@pytest.fixture
def imported(nordwind: Company, at: datetime) -> Import:
    """Imports the sample of a kind; keywords replace what it says, None leaves it out."""
    samples: dict[object, dict[str, Any]] = {each["kind"]: each for each in all_samples(at.date())}

    def import_sample(kind: str, **changes: object) -> Document:
        sample = {**samples[kind], **changes}
        wanted = {name: value for name, value in sample.items() if value is not None}
        result = import_documents(nordwind, json.dumps(wanted).encode(), by=None, at=at)
        assert not result.refused, result.refused[0].problems
        return result.documents[0]

    return import_sample
