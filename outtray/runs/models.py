"""Run and RunRow: what many documents are to become, and what each of them became."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from outtray.documents.models import Document
from outtray.lib.ids import new_id
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email
from outtray.people.models import Company, Membership, Person


class RunState(models.TextChoices):
    """Where a run stands.

    previewing -> ready -> running -> done; running, done <-> paused. From each of these last
    three to stopped, and to undone while there is time. `done` means that all its emails are
    made: whether they have left is for the emails to say.
    """

    PREVIEWING = "previewing", "Being looked through"
    READY = "ready", "Ready to start"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    STOPPED = "stopped", "Stopped"
    UNDONE = "undone", "Undone"
    DONE = "done", "All emails made"


STARTED = (RunState.RUNNING, RunState.PAUSED, RunState.DONE)


class RowState(models.TextChoices):
    """Where one document of a run stands."""

    NEW = "new", "Not looked at yet"
    WAITING = "waiting", "Waiting"
    SKIPPED = "skipped", "Skipped"
    ACCEPTED = "accepted", "In the Email Queue"
    FAILED = "failed", "Not possible"


class Deed(models.TextChoices):
    """What is still to be done to the emails that a run has made."""

    NONE = "", "Nothing"
    HOLD = "hold", "Put on hold"
    RELEASE = "release", "Release"
    CANCEL = "cancel", "Cancel"


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, membership: Membership) -> RunQuerySet:
        """An administrator sees the company's runs, a user his own."""
        mine = self.filter(company_id=membership.company_id)
        if membership.is_administrator:
            return mine
        return mine.filter(made_by_id=membership.person_id)


class Run(models.Model):
    """Many documents, and how they are to go out. Which documents never changes.

    The counts are of documents, but for `letters`, the emails that they make together.
    `letter_bytes` is what one email weighs, as far as samples tell. Until `undo_until` all of
    it can be taken back. `deed` is done to its emails from `deed_after` on.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="runs", db_index=False
    )
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    selection = models.JSONField(default=dict)
    wishes = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.PREVIEWING)
    state_since = models.DateTimeField()
    started_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    undo_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    deed = models.CharField(max_length=10, choices=Deed.choices, blank=True)
    deed_after = models.PositiveIntegerField(default=0)

    documents = models.PositiveIntegerField(default=0)
    examined = models.PositiveIntegerField(default=0)
    letters = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    letter_bytes = models.PositiveIntegerField(default=0)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="run_state_known", condition=Q(state__in=RunState.values)),
        ]
        indexes = [
            models.Index(name="run_newest", fields=["company", "-id"]),
            models.Index(
                name="run_unfinished",
                fields=["state"],
                condition=Q(state__in=(RunState.PREVIEWING, RunState.RUNNING)) | ~Q(deed=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"run of {self.documents} documents"

    @property
    def waiting(self) -> int:
        """How many documents are still to become emails."""
        return max(0, self.documents - self.skipped - self.accepted - self.failed)


class RunRow(models.Model):
    """One document of a run. Rows of one `bundle` go out as one email.

    `recipients`, `mailbox` and `layout` are what the preview found; they are looked up again
    when the email is made. A claim on a row ends at `lease_until`, and with it the right of
    `claim_token`.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rows", db_index=False)
    position = models.PositiveIntegerField()
    bundle = models.PositiveIntegerField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="run_rows")
    state = models.CharField(max_length=10, choices=RowState.choices, default=RowState.NEW)
    code = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    recipients = models.JSONField(default=list)
    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    layout = models.UUIDField(null=True)
    email = models.ForeignKey(
        Email, on_delete=models.SET_NULL, null=True, related_name="run_rows", db_index=False
    )
    claim_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="run_position_once"),
            models.CheckConstraint(
                name="run_row_state_known", condition=Q(state__in=RowState.values)
            ),
        ]
        indexes = [
            models.Index(name="run_row_next", fields=["run", "state", "bundle"]),
            models.Index(name="run_row_email", fields=["email"], condition=Q(email__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"row {self.position} of {self.run_id}"
