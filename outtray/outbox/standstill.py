"""Delivery as a whole on hold, until an administrator confirms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from outtray.engine import base as engine
from outtray.lib.errors import Refused
from outtray.outbox import rows
from outtray.outbox.models import Installation
from outtray.people.models import Company, Membership


def is_held() -> bool:
    """Whether nothing may be claimed now."""
    return rows.value(Installation, "held_since", {"id": 1}) is not None


def held() -> Installation | None:
    """Since when and why delivery stands still, if it does."""
    return next((each for each in rows.select(Installation, {"id": 1}) if each.held_since), None)


@dataclass(frozen=True, slots=True)
class Place:
    """A computer and the data folder on it, in words."""

    host: str
    folder: str


def moved() -> tuple[Place | None, Place | None]:
    """Where the database was before it woke elsewhere, and where it is; None if not known."""
    fingerprint = Installation.objects.values_list("fingerprint", flat=True).first() or {}
    before, now = fingerprint.get("before"), fingerprint.get("at")
    return Place(**before) if before else None, Place(**now) if now else None


def hold_delivery(why: str, *, at: datetime) -> bool:
    """Let nothing be claimed from now on. False if that is so already."""
    Installation.objects.get_or_create(id=1)
    working = Installation.objects.filter(id=1, held_since__isnull=True)
    return bool(
        working.update(held_since=at, held_why=why[:500], confirmed_by=None, confirmed_at=None)
    )


def decides(company_id: UUID) -> bool:
    """Whether this is the company that was set up first: it decides for all of them."""
    oldest = Company.objects.order_by("created_at", "pk").values_list("pk", flat=True)
    return oldest.first() == company_id


def may_confirm(membership: Membership) -> bool:
    """Only an administrator of the deciding company: the hold concerns all companies' mail."""
    return membership.is_administrator and decides(membership.company_id)


def confirm(membership: Membership, *, at: datetime) -> bool:
    """Let delivery go on. False if it was not on hold. Refuses who may not (`may_confirm`)."""
    if not may_confirm(membership):
        raise Refused(
            "not_allowed",
            "Only an administrator of the company that was set up first may let delivery go on.",
        )
    with transaction.atomic():
        standing = Installation.objects.filter(id=1, held_since__isnull=False)
        gone_on = standing.update(
            held_since=None, held_why="", confirmed_by=membership.person, confirmed_at=at
        )
        if gone_on:
            _forget_before()
            engine.wake("upkeep", "all")
    return bool(gone_on)


def _forget_before() -> None:
    """The place is confirmed: it is home now."""
    home = Installation.objects.get(id=1)
    home.fingerprint.pop("before", None)
    home.save(update_fields=["fingerprint"])
