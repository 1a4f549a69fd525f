"""Why something failed, as the API tells it."""

from __future__ import annotations

from ninja import Schema


class OfferShape(Schema):
    """Settings that would help, with what a button would say."""

    label: str
    settings: dict[str, str | int]


class ExplanationShape(Schema):
    """Cause, what helps and who must act. `words` are the server's own."""

    cause: str
    family: str
    headline: str
    steps: list[str]
    who: str
    actor: str
    familiar: str
    words: str
    offer: OfferShape | None
