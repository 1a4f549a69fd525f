"""Email with its Recipients, Documents, Attempts and Events: the Email Queue as rows."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from outtray.compose.models import TemplateVersion
from outtray.documents.models import Document
from outtray.lib.ids import new_id
from outtray.mailboxes.models import Mailbox
from outtray.outbox.states import Lane, Phase, Reason, RecipientState, State
from outtray.people.models import Company, Membership, Person


class EmailQuerySet(models.QuerySet["Email"]):
    def visible_to(self, membership: Membership) -> EmailQuerySet:
        """An administrator sees the company's emails, a user those he sent or that are his."""
        mine = self.filter(company_id=membership.company_id)
        if membership.is_administrator:
            return mine
        own = Mailbox.objects.filter(owner_id=membership.person_id).values("pk")
        return mine.filter(Q(accepted_by_id=membership.person_id) | Q(mailbox_id__in=own))

    def left_failed(self) -> EmailQuerySet:
        """Those that failed and were not sent again: whoever did so has seen to them.

        A new email that was cancelled, or came too late, is as if there were none.
        """
        undone = (State.CANCELLED, State.EXPIRED)
        again = Email.objects.filter(resend_of=models.OuterRef("pk")).exclude(state__in=undone)
        return self.filter(~models.Exists(again), state=State.FAILED)

    def due(self, at: datetime) -> EmailQuerySet:
        """Those that may be claimed now, in the order in which they go: lane, then time."""
        in_time = Q(not_after__isnull=True) | Q(not_after__gt=at)
        return self.filter(in_time, state=State.QUEUED, due_at__lte=at).order_by(
            "-lane", "due_at", "id"
        )


class Email(models.Model):
    """One row of the Email Queue: message, envelope, state, due time.

    All above `state` is frozen at acceptance. `claim_token` fences: whoever settles must
    name it, and a worker that lost its claim changes nothing. An unknown email is looked up
    at `look_up_at`; without one a person is asked.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="emails", db_index=False
    )
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="emails")
    accepted_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="accepted_emails"
    )
    accepted_at = models.DateTimeField()
    resend_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="resends", db_index=False
    )
    idempotency_key = models.CharField(max_length=255, null=True)
    request_fingerprint = models.CharField(max_length=64, blank=True)

    message_id = models.CharField(max_length=200, unique=True)
    message = models.CharField(max_length=100)
    message_size = models.PositiveIntegerField()
    envelope_sender = models.CharField(max_length=254)
    from_name = models.CharField(max_length=200, blank=True)
    from_address = models.CharField(max_length=254)
    subject = models.CharField(max_length=998)
    to_summary = models.CharField(max_length=400)
    party_name = models.CharField(max_length=200, blank=True)
    template_version = models.ForeignKey(
        TemplateVersion, on_delete=models.PROTECT, null=True, related_name="emails", db_index=False
    )
    lane = models.PositiveSmallIntegerField(choices=Lane.choices, default=Lane.INTERACTIVE)
    not_after = models.DateTimeField(null=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    reason_detail = models.CharField(max_length=500, blank=True)
    claim_token = models.UUIDField(null=True)
    claimed_by = models.CharField(max_length=100, blank=True)
    claim_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    first_due_at = models.DateTimeField()
    state_since = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    last_failure = models.JSONField(null=True)
    look_up_at = models.DateTimeField(null=True)

    objects = EmailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="key_once",
            ),
            models.CheckConstraint(
                name="only_sending_is_claimed",
                condition=Q(
                    state=State.SENDING, claim_token__isnull=False, claim_until__isnull=False
                )
                | Q(~Q(state=State.SENDING), claim_token__isnull=True),
            ),
            models.CheckConstraint(name="email_state_known", condition=Q(state__in=State.values)),
        ]
        indexes = [
            models.Index(
                name="email_due",
                fields=["mailbox", "-lane", "due_at", "id"],
                condition=Q(state=State.QUEUED),
            ),
            models.Index(
                name="email_claims",
                fields=["claim_until"],
                condition=Q(state=State.SENDING),
            ),
            models.Index(
                name="email_look_up",
                fields=["look_up_at"],
                condition=Q(state=State.UNKNOWN),
            ),
            models.Index(
                name="email_not_after",
                fields=["state", "not_after"],
                condition=Q(not_after__isnull=False),
            ),
            models.Index(name="email_by_state", fields=["company", "state", "-id"]),
            models.Index(name="email_newest", fields=["company", "-id"]),
            models.Index(
                name="email_settled_at",
                fields=["company", "state", "settled_at"],
                condition=Q(settled_at__isnull=False),
            ),
            models.Index(
                name="email_resends",
                fields=["resend_of"],
                condition=Q(resend_of__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to_summary}"


class Recipient(models.Model):
    """One address of an email, why it is there, and what became of it."""

    class Kind(models.TextChoices):
        TO = "to", "To"
        CC = "cc", "Cc"
        BCC = "bcc", "Bcc"

    email = models.ForeignKey(
        Email, on_delete=models.CASCADE, related_name="recipients", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=3, choices=Kind.choices)
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    state = models.CharField(
        max_length=10, choices=RecipientState.choices, default=RecipientState.WAITING
    )
    reply = models.TextField(blank=True)
    failure = models.JSONField(null=True)
    tries = models.PositiveIntegerField(default=0)
    again_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["email", "address"], name="recipient_once"),
        ]
        indexes = [models.Index(fields=["address"], name="recipient_address")]

    def __str__(self) -> str:
        return self.address


class Enclosure(models.Model):
    """A file that an email carries, and the document that it shows, if it shows one.

    `content` is the SHA-256 of its bytes, which lie in the message (`enclosures.py`).
    """

    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="enclosures")
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="enclosures"
    )
    revision = models.PositiveIntegerField(default=1)
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    content = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.filename


class Attempt(models.Model):
    """One try. It is written `transmitting` before the step that cannot be taken back.

    An attempt that ends before that step is written once, when it has ended.
    """

    email = models.ForeignKey(
        Email, on_delete=models.CASCADE, related_name="attempts", db_index=False
    )
    number = models.PositiveIntegerField()
    claim_token = models.UUIDField()
    worker = models.CharField(max_length=100)
    phase = models.CharField(max_length=15, choices=Phase.choices)
    server = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, blank=True)
    reply = models.TextField(blank=True)
    failure = models.JSONField(null=True)
    transcript = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["email", "number"], name="attempt_number_once"),
            models.UniqueConstraint(fields=["email", "claim_token"], name="attempt_claim_once"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.email_id}"


class Event(models.Model):
    """One line of an email's history. Written once, never changed."""

    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    code = models.CharField(max_length=40)
    by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(name="event_by", fields=["by"], condition=Q(by__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.code} at {self.at}"


class SentCopy(models.Model):
    """A copy that still has to be put into the Sent folder, of an email that was sent.

    Whoever is at it moves `due_at` ahead first, so that nobody else begins meanwhile.
    """

    email = models.OneToOneField(
        Email, on_delete=models.CASCADE, primary_key=True, related_name="sent_copy"
    )
    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.CASCADE, related_name="sent_copies", db_index=False
    )
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "sent copies"
        indexes = [models.Index(name="copy_due", fields=["due_at"])]

    def __str__(self) -> str:
        return f"copy of {self.email_id}"


class Installation(models.Model):
    """Where this database lives, and whether delivery stands still. There is one row.

    `fingerprint` tells the host and folder on which it last went to sleep.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    fingerprint = models.JSONField(default=dict)
    held_since = models.DateTimeField(null=True)
    held_why = models.CharField(max_length=500, blank=True)
    confirmed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="one_installation", condition=Q(id=1))]

    def __str__(self) -> str:
        return "delivery on hold" if self.held_since else "delivery works"
