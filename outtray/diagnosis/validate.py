"""One Validate, from a route to its explanation: without a row, and without Django.

Pages, API and command line all come through here, whether what they check is saved or not.
What explains a failure is read when there is one: who passes need not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from outtray.diagnosis.advice import FALLBACK
from outtray.diagnosis.letter import test_mail
from outtray.transports.base import Finding, Route
from outtray.transports.registry import TRANSPORTS

if TYPE_CHECKING:
    from outtray.diagnosis.explain import Explanation


def findings_of(
    route: Route,
    *,
    sender_name: str = "",
    greeted: str = "",
    language: str = FALLBACK,
    at: datetime,
) -> Iterator[Finding]:
    """Walk through all stages, each finding as it comes, with a test mail to the sender itself.

    Ends at the first that failed.
    """
    envelope, message = test_mail(
        route.sender, sender_name=sender_name, greeted=greeted, language=language, at=at
    )
    for finding in TRANSPORTS[route.transport].probe(route, envelope, message):
        yield finding if finding.ok else _looked_again(finding, route)


def explanation_of(
    finding: Finding, route: Route, *, language: str = FALLBACK
) -> Explanation | None:
    """Why this stage failed and what helps; None where it passed."""
    if finding.failure is None:
        return None
    from outtray.diagnosis.explain import explain
    from outtray.diagnosis.tried import offer_tried

    explanation = explain(
        finding.failure,
        transport=route.transport,
        settings=route.settings,
        address=str(route.sender),
        language=language,
        facts=finding.facts,
    )
    tried = offer_tried(finding.facts)
    return replace(explanation, offer=tried) if tried else explanation


def _looked_again(finding: Finding, route: Route) -> Finding:
    from outtray.diagnosis.second_look import looked_again

    return looked_again(finding, route)
