"""Documents come in: all or none, once, and each wrong one says what is wrong with it."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from outtray.documents.importing import Status, import_documents
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Party
from outtray.documents.samples.samples import sample_documents
from outtray.people.models import Membership

pytestmark = pytest.mark.django_db


def test_all_six_kinds_come_in(ben: Membership, at: datetime) -> None:
    payload = json.dumps({"documents": sample_documents(at.date())}).encode()

    result = import_documents(ben.company, payload, by=ben.person, at=at)

    assert [item.status for item in result.items] == [Status.CREATED] * 6
    assert [document.kind for document in result.documents] == list(KINDS)
    assert Party.objects.filter(company=ben.company).count() == 5
