"""Probe: one Validate of a mailbox, with what each stage found."""

from __future__ import annotations

from django.db import models

from outtray.lib.ids import new_id
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company, Membership, Person


class ProbeQuerySet(models.QuerySet["Probe"]):
    def visible_to(self, membership: Membership) -> ProbeQuerySet:
        mine = self.filter(company_id=membership.company_id)
        if membership.is_administrator:
            return mine
        return mine.filter(by_id=membership.person_id)


class Probe(models.Model):
    """A staged check. Its sealed secret is wiped when it ends.

    `settings_fingerprint` says which settings were checked: a mailbox saved with just
    these becomes ready. `domain_advice` is what `domain.py` says of the address's domain, None
    where nobody has looked; it decides nothing.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        PASSED = "passed", "Passed"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, null=True, related_name="probes")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    transport = models.CharField(max_length=20)
    address = models.CharField(max_length=254)
    display_name = models.CharField(max_length=200, blank=True)
    settings = models.JSONField(default=dict)
    sealed_secret = models.BinaryField(null=True)
    settings_fingerprint = models.CharField(max_length=64)
    language = models.CharField(max_length=2, default="en")

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    findings = models.JSONField(default=list)
    explanation = models.JSONField(null=True)
    domain_advice = models.JSONField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ProbeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                name="probe_waiting", fields=["created_at"], condition=models.Q(state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"probe of {self.address}"
