"""Explain failures as they are kept: with an email, a recipient, an attempt, a paused mailbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outtray.diagnosis.advice import FALLBACK
from outtray.diagnosis.causes import Cause
from outtray.diagnosis.explain import Explanation, explain, explain_cause
from outtray.mailboxes.models import Health, Mailbox
from outtray.outbox.failures import from_json


def explain_kept(
    stored: Mapping[str, Any] | None, mailbox: Mailbox, *, language: str = FALLBACK
) -> Explanation | None:
    """Why this failed, with the settings of the mailbox as they are now. None for no failure."""
    failure = from_json(stored)
    if failure is None:
        return None
    return explain(
        failure,
        transport=mailbox.transport,
        settings=mailbox.settings,
        address=mailbox.address,
        language=language,
    )


def explain_pause(mailbox: Mailbox, *, language: str = FALLBACK) -> Explanation | None:
    """Why this mailbox is paused; None if it is not. The failure tells more than its cause."""
    if mailbox.health != Health.PAUSED:
        return None
    told = explain_kept(mailbox.pause_failure, mailbox, language=language)
    if told or mailbox.pause_cause not in list(Cause):
        return told
    return explain_cause(
        Cause(mailbox.pause_cause),
        transport=mailbox.transport,
        settings=mailbox.settings,
        address=mailbox.address,
        language=language,
    )
