"""What changed of a party."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from outtray.api.history import HistoryQuery, HistoryShape, history
from outtray.api.parties import found
from outtray.documents.models import PartyEvent
from outtray.documents.party_history import SENTENCES

router = Router(tags=["Parties"])


@router.get("/{uuid:party_id}/history", response=HistoryShape, operation_id="list_party_history")
def index(request: HttpRequest, party_id: UUID, query: Query[HistoryQuery]) -> Any:
    """List what changed of a party, newest first.

    `detail.changes` of a line has what was there, and what is.
    """
    return history(PartyEvent.objects.filter(party=found(request, party_id)), query, SENTENCES)
