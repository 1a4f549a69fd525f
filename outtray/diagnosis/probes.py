"""Validate: check a mailbox stage by stage, and keep what each stage found.

A probe is a row: whoever starts it need not run it, and a page can watch it. It ends as
passed or failed, also when the process that ran it has died.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.domain.advise import begin_advice
from outtray.diagnosis.explain import Explanation, explain_cause
from outtray.diagnosis.models import Probe, ProbeQuerySet
from outtray.diagnosis.validate import explanation_of, findings_of
from outtray.engine.base import wake
from outtray.lib.clock import SYSTEM, Clock
from outtray.lib.errors import Refused
from outtray.lib.ids import new_id
from outtray.lib.sealing import CannotOpen, Secret
from outtray.mailboxes import history
from outtray.mailboxes.copies import note_filing
from outtray.mailboxes.drafts import MailboxDraft, checked, draft_of
from outtray.mailboxes.health import mark_unvalidated, mark_validated, pause
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.login_form import note_login_form
from outtray.mailboxes.models import Mailbox, Whose
from outtray.mailboxes.presets import preset_of
from outtray.mailboxes.rechecks import note_passed
from outtray.mailboxes.routes import fingerprint, fingerprint_of, opener_of, route_to, signed_in
from outtray.outbox.failures import to_json
from outtray.people.models import Company, Membership
from outtray.transports.base import Failure, Finding, Route, Scope

# Longer than all patience of a transport together: who runs longer has died.
LONGEST = timedelta(minutes=10)
# A mailbox saved within this time after its settings passed is ready at once.
FRESH = timedelta(hours=1)
# Each probe is a login at somebody's server; a person's own hands do not need more.
MOST = 30
MOST_WITHIN = timedelta(minutes=10)
# Who sends for a domain of one's own, where no server is named.
_API_PROVIDERS = {"gmail": "google_workspace", "graph": "microsoft365"}


def start_probe(
    membership: Membership,
    what: MailboxDraft | Mailbox,
    *,
    mailbox: Mailbox | None = None,
    at: datetime,
) -> Probe:
    """Ask for a check of a saved mailbox, or of a draft as it was typed.

    A draft without a password takes the stored one of `mailbox`, or of the person's own
    User Email. The probe waits as a row; the engine is woken when it is committed.
    """
    _require_patience(membership, at)
    stored = _stored(membership, what, mailbox)
    draft = draft_of(what) if isinstance(what, Mailbox) else what
    probe = _probe(membership, draft, stored, at=at)
    with transaction.atomic():
        probe.save()
        wake(ProbeWork.name, str(probe.pk), urgent=True)
    return probe


def run_probe(probe_id: UUID, *, clock: Clock = SYSTEM) -> Probe:
    """Run a waiting probe to its end. One that is not waiting is only read.

    However many run it at once, it runs once: the one that turns it to running does it.
    """
    mine = Probe.objects.filter(pk=probe_id, state=Probe.State.WAITING).update(
        state=Probe.State.RUNNING, started_at=clock.now()
    )
    probe = Probe.objects.select_related("mailbox", "by").get(pk=probe_id)
    if not mine:
        return probe
    try:
        _run(probe, clock=clock)
    finally:
        _end(probe, _own(probe, Cause.INTERRUPTED), at=clock.now())
    probe.refresh_from_db()
    return probe


def fail_interrupted(probe_id: UUID, *, at: datetime) -> bool:
    """End a probe that has been running for too long: whoever ran it has died."""
    overdue = Probe.objects.filter(pk=probe_id, started_at__lte=at - LONGEST)
    probe = overdue.filter(state=Probe.State.RUNNING).first()
    return probe is not None and _end(probe, _own(probe, Cause.INTERRUPTED), at=at)


def ready_if_probed(mailbox: Mailbox, *, at: datetime) -> bool:
    """Make a just saved mailbox ready if just these settings have passed a moment ago.

    What has stopped it since then, such as a refused password, counts more than that.
    """
    passed = Probe.objects.filter(
        company_id=mailbox.company_id,
        state=Probe.State.PASSED,
        settings_fingerprint=fingerprint_of(mailbox),
        ended_at__gt=max(at - FRESH, history.last(mailbox.pk, history.Code.PAUSED) or at - FRESH),
    ).first()
    if passed is None or not mark_validated(mailbox, passed.settings_fingerprint, at):
        return False
    note_filing(mailbox, str(passed.findings[-1].get("facts", {}).get("sent_copy", "")))
    for finding in passed.findings:
        _note_login_form(mailbox, passed, finding.get("facts", {}))
    return True


class ProbeWork:
    """Waiting probes, and running ones whose runner has died, as work for an engine."""

    name = "probe"

    def __init__(self, clock: Clock = SYSTEM) -> None:
        self._clock = clock

    def due(self, at: datetime) -> Iterable[str]:
        waiting = Q(state=Probe.State.WAITING)
        dead = Q(state=Probe.State.RUNNING, started_at__lte=at - LONGEST)
        found = Probe.objects.filter(waiting | dead).order_by("created_at")
        return [str(key) for key in found.values_list("pk", flat=True)]

    def do(self, key: str, stop: threading.Event) -> None:  # noqa: ARG002 - a probe is short
        if not fail_interrupted(UUID(key), at=self._clock.now()):
            run_probe(UUID(key), clock=self._clock)


def _require_patience(membership: Membership, at: datetime) -> None:
    recent = Probe.objects.filter(by_id=membership.person_id, created_at__gt=at - MOST_WITHIN)
    if recent.count() >= MOST:
        raise Refused(
            "too_many_probes",
            "Too many checks in a short time. Wait some minutes, so that the provider does "
            "not lock the account.",
        )


def _stored(
    membership: Membership, what: MailboxDraft | Mailbox, mailbox: Mailbox | None
) -> Mailbox | None:
    """The saved mailbox whose password may be used, if this person may use it."""
    visible = Mailbox.objects.visible_to(membership)
    named = what if isinstance(what, Mailbox) else mailbox
    if named is not None:
        found = visible.filter(pk=named.pk).first()
        if found is None:
            raise Refused("no_such_mailbox", "There is no such mailbox.")
        return found
    assert isinstance(what, MailboxDraft)
    if what.whose == Whose.COMPANY:
        if not membership.is_administrator:
            raise Refused("not_allowed", "Only an administrator may check a Company Email.")
        return None
    return visible.filter(whose=Whose.USER, owner_id=membership.person_id).first()


def _probe(
    membership: Membership, draft: MailboxDraft, stored: Mailbox | None, *, at: datetime
) -> Probe:
    probe = unowned_probe(draft, stored, company=membership.company, at=at)
    probe.by = membership.person
    return probe


def unowned_probe(
    draft: MailboxDraft, stored: Mailbox | None, *, company: Company, at: datetime
) -> Probe:
    """A probe that nobody asked for, not stored yet."""
    ready = checked(draft, stored=stored)
    probe_id = new_id()
    sealed = ring().seal(ready.secret, context=_context(company.pk, probe_id))
    return Probe(
        id=probe_id,
        company=company,
        mailbox=stored,
        transport=ready.draft.transport,
        address=ready.draft.address,
        display_name=ready.draft.display_name,
        settings=dict(ready.settings),
        sealed_secret=sealed,
        settings_fingerprint=fingerprint(
            ready.draft.transport, ready.draft.address, ready.settings, ready.secret
        ),
        language=company.language,
        created_at=at,
    )


def _context(company_id: UUID, probe_id: UUID) -> str:
    return f"{company_id}/probe/{probe_id}"


def _run(probe: Probe, *, clock: Clock) -> None:
    secret = _secret(probe)
    if secret is None:
        _end(probe, _own(probe, Cause.SECRET_UNREADABLE), at=clock.now())
        return
    advice = begin_advice(probe.address, _provider(probe))
    route = _route(probe, secret)
    greeted = probe.by.name if probe.by else ""
    findings: list[Finding] = []
    for finding in findings_of(
        route,
        sender_name=probe.display_name,
        greeted=greeted,
        language=probe.language,
        at=clock.now(),
    ):
        findings.append(finding)
        if not _running(probe).update(findings=[_told(each) for each in findings]):
            return
    _running(probe).update(domain_advice=[one.to_json() for one in advice()])
    explanation = explanation_of(findings[-1], route)
    if _end(probe, explanation, at=clock.now()) and probe.mailbox:
        _judge(probe, probe.mailbox, findings, explanation, at=clock.now())


def _provider(probe: Probe) -> str:
    """Whose servers the address sends through, by a preset's id, where that is known."""
    known = preset_of(probe.address, str(probe.settings.get("host", "")))
    if known:
        return known.id
    return _API_PROVIDERS.get(probe.transport, "")


def _secret(probe: Probe) -> Secret | None:
    try:
        return ring().open(
            bytes(probe.sealed_secret or b""), context=_context(probe.company_id, probe.pk)
        )
    except CannotOpen:
        return None


def _route(probe: Probe, secret: Secret) -> Route:
    """With the tokens of its consent, unless a password was typed in their place."""
    route = route_to(probe.transport, address=probe.address, settings=probe.settings, secret=secret)
    mailbox = probe.mailbox
    if mailbox and mailbox.sign_in and secret == opener_of(mailbox):
        return signed_in(route, mailbox)
    return route


def _told(finding: Finding) -> dict[str, Any]:
    """A finding as it is stored, and shown by page and API."""
    return {
        "stage": finding.stage,
        "ok": finding.ok,
        "milliseconds": finding.milliseconds,
        "detail": finding.detail,
        "facts": dict(finding.facts),
        "failure": asdict(finding.failure) if finding.failure else None,
    }


def _own(probe: Probe, cause: Cause) -> Explanation:
    return explain_cause(
        cause,
        transport=probe.transport,
        settings=probe.settings,
        address=probe.address,
    )


def _running(probe: Probe) -> ProbeQuerySet:
    return Probe.objects.filter(pk=probe.pk, state=Probe.State.RUNNING)


def _end(probe: Probe, explanation: Explanation | None, *, at: datetime) -> bool:
    """Close a running probe and wipe its secret. False if it has been closed meanwhile."""
    return bool(
        _running(probe).update(
            state=Probe.State.FAILED if explanation else Probe.State.PASSED,
            explanation=explanation.to_json() if explanation else None,
            sealed_secret=None,
            ended_at=at,
        )
    )


def _judge(
    probe: Probe,
    mailbox: Mailbox,
    findings: Sequence[Finding],
    explanation: Explanation | None,
    *,
    at: datetime,
) -> None:
    """What the result says of the saved mailbox, if it was saved with just these settings."""
    mailbox.refresh_from_db()
    fingerprint, failure = probe.settings_fingerprint, findings[-1].failure
    if failure is None or explanation is None:
        if probe.by is None:
            note_passed(mailbox, fingerprint, at=at)
        else:
            mark_validated(mailbox, fingerprint, at, by=probe.by)
        note_filing(mailbox, findings[-1].facts.get("sent_copy", ""))
        for finding in findings:
            _note_login_form(mailbox, probe, finding.facts)
    elif failure.is_temporary:
        return
    elif probe.by is None:
        _stop(mailbox, fingerprint, failure, explanation, at=at)
    else:
        mark_unvalidated(mailbox, fingerprint, at, by=probe.by)


def _stop(
    mailbox: Mailbox, fingerprint: str, failure: Failure, explanation: Explanation, *, at: datetime
) -> None:
    """Nobody asked, so the mailbox pauses, which its owner is told: it waits for him. What only
    the test mail or the server is refused for stops nothing."""
    if failure.scope not in {Scope.MAILBOX, Scope.SENDER}:
        return
    if mailbox.validated_settings == fingerprint:
        told = {**(to_json(failure) or {}), "pauses": 1}
        pause(mailbox.pk, cause=explanation.cause, failure=told, until=None, at=at, as_of=mailbox)


def _note_login_form(mailbox: Mailbox, probe: Probe, facts: Mapping[str, str]) -> None:
    """What the probe had to find out is a setting now, and the probe stands for that one too."""
    if note_login_form(mailbox, facts.get("login_form", "")):
        Probe.objects.filter(pk=probe.pk).update(settings_fingerprint=mailbox.validated_settings)
