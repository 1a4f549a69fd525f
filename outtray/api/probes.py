"""Probes: check a mailbox stage by stage, as Validate does."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.responses import Status

from outtray.api.access import me
from outtray.api.explanations import ExplanationShape
from outtray.diagnosis.models import Probe
from outtray.diagnosis.probes import start_probe
from outtray.lib import clock
from outtray.mailboxes.models import Mailbox

router = Router(tags=["Mailboxes"])


class FindingShape(Schema):
    """What one stage found."""

    stage: str
    ok: bool
    milliseconds: int
    detail: str


class DomainAdviceShape(Schema):
    """What to do for SPF, DKIM or DMARC of the sender's domain: ok, advice or unknown.

    Where a record has to be added or changed, `name`, `kind` and `value` say which; `seen` is
    what is published now. It decides nothing about the mailbox.
    """

    subject: str
    verdict: str
    sentence: str
    name: str
    kind: str
    value: str
    seen: str


class ProbeShape(Schema):
    """A check of a mailbox: waiting, running, passed or failed."""

    id: UUID
    mailbox_id: UUID | None
    address: str
    state: str
    findings: list[FindingShape]
    explanation: ExplanationShape | None
    domain_advice: list[DomainAdviceShape] | None
    created_at: datetime
    ended_at: datetime | None


@router.post(
    "/mailboxes/{uuid:mailbox_id}/probes", response={202: ProbeShape}, operation_id="create_probe"
)
def create(request: HttpRequest, mailbox_id: UUID) -> Any:
    """Ask for a check of a mailbox as it is saved; read the probe to watch it."""
    mailbox = get_object_or_404(Mailbox.objects.visible_to(me(request)), pk=mailbox_id)
    return Status(202, start_probe(me(request), mailbox, at=clock.now()))


@router.get("/probes/{uuid:probe_id}", response=ProbeShape, operation_id="read_probe")
def show(request: HttpRequest, probe_id: UUID) -> Any:
    """Read one probe, with what its stages have found so far."""
    return get_object_or_404(Probe.objects.visible_to(me(request)), pk=probe_id)
