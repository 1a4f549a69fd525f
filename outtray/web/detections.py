"""The address box: what is found for an address while it is typed."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.mailboxes.detection.detect import detect_for
from outtray.mailboxes.detection.values import Detection, Proposal
from outtray.mailboxes.services import SERVICES
from outtray.transports.detection.sources import Source
from outtray.web.detected import (
    Detected,
    detected_before,
    fields_of,
    names_a_server,
    typed_by_hand,
)
from outtray.web.mailboxes import form_being_typed
from outtray.web.session import PersonRequest, person_required

SOURCE_NAMES: Mapping[str, str] = {
    Source.PRESET: "Known providers",
    Source.MX: "Servers that take the domain’s mail",
    Source.SRV: "Servers that the domain publishes",
    Source.AUTOCONFIG: "The domain’s autoconfig server",
    Source.WELL_KNOWN: "The domain’s web server",
    Source.DATABASE: "Thunderbird’s database",
    Source.DATABASE_BY_MX: "Thunderbird’s database, for the hoster",
    Source.EXCHANGE: "Exchange Autodiscover",
    Source.MICROSOFT: "Microsoft’s sign-in",
    Source.SPF: "The domain’s SPF record",
    Source.GUESS: "Usual names",
}


@require_GET
@person_required
def show(request: PersonRequest) -> HttpResponse:
    """What is found for an address that is being typed, and the fields it fills.

    What a person has typed or chosen by hand stays: another card, a server, any other setting.
    """
    address = request.GET.get("address", "").strip()
    shown = form_being_typed(request, request.GET.dict())
    before = detected_before(request, shown.mailbox)
    if address == before.address:
        return HttpResponse(status=204)
    try:
        detection = detect_for(request.membership, address, at=clock.now())
    except Refused as refused:
        return _not_looked_up(request, refused)
    typed = typed_by_hand(request, before)
    proposal = None if names_a_server(typed) else _fitting(request, detection, before)
    form = shown
    if proposal:
        form = form_being_typed(request, {"address": address, **fields_of(proposal), **typed})
    page = {
        "form": form,
        "is_filled": proposal is not None,
        "detected": _remembered(detection, proposal, before).to_text(),
        **_told(detection, proposal),
    }
    return _answer(request, page)


def _fitting(request: PersonRequest, detection: Detection, before: Detected) -> Proposal | None:
    """The best proposal; where a person has chosen a card himself, the best for that card."""
    chosen = request.GET.get("service_type", before.service_type)
    is_free = chosen == before.service_type
    return next(
        (
            proposal
            for proposal in detection.proposals
            if proposal.service_type in SERVICES and (is_free or proposal.service_type == chosen)
        ),
        None,
    )


def _remembered(detection: Detection, proposal: Proposal | None, before: Detected) -> Detected:
    """Where nothing was filled in, what was filled before still stands in the fields."""
    if proposal is None:
        return Detected(detection.address, before.service_type, before.filled)
    filled = {one.service_type: fields_of(one) for one in reversed(detection.proposals)}
    filled[proposal.service_type] = fields_of(proposal)
    return Detected(detection.address, proposal.service_type, filled)


def _told(detection: Detection, proposal: Proposal | None) -> dict[str, object]:
    sources = [(SOURCE_NAMES[report.source], report) for report in detection.reports]
    return {"detection": detection, "proposal": proposal or detection.best, "sources": sources}


def _not_looked_up(request: PersonRequest, refused: Refused) -> HttpResponse:
    """Half an address is no mistake yet; why nobody looks any more is said."""
    if refused.code == "bad_address":
        return HttpResponse(status=204)
    form = form_being_typed(request, request.GET.dict())
    return _answer(request, {"form": form, "refused": refused.detail})


def _answer(request: PersonRequest, page: Mapping[str, object]) -> HttpResponse:
    answer = render(request, "outtray/parts/mailbox_preset.html", dict(page))
    if not page.get("is_filled"):
        answer.headers["HX-Reswap"] = "none"
    return answer
