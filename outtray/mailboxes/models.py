"""Mailbox and Credential: where we send from, and the secret that opens it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from outtray.lib.ids import new_id
from outtray.people.models import Company, Membership, Person


class Whose(models.TextChoices):
    """The two kinds of sender."""

    USER = "user", "User Email"
    COMPANY = "company", "Company Email"


class ServiceType(models.TextChoices):
    """The Email Service Type, as its user thinks of it."""

    WEB_MAIL = "web_mail", "Web Mail"
    EXCHANGE = "exchange", "Exchange"
    EMAIL_SERVICES = "email_services", "Email Services"


class Health(models.TextChoices):
    """Whether a mailbox can send. Any change of a setting makes it unvalidated."""

    UNVALIDATED = "unvalidated", "Not validated"
    READY = "ready", "Ready"
    PAUSED = "paused", "Paused"


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def visible_to(self, membership: Membership) -> MailboxQuerySet:
        """Those a person may see and set up: his own; for an administrator all."""
        mine = self.filter(company_id=membership.company_id)
        if membership.is_administrator:
            return mine
        return mine.filter(owner_id=membership.person_id)

    def usable_by(self, membership: Membership) -> MailboxQuerySet:
        """Those a person may send from: his own User Email, and the Company Emails."""
        return self.filter(company_id=membership.company_id).filter(
            Q(whose=Whose.COMPANY) | Q(owner_id=membership.person_id)
        )


class Mailbox(models.Model):
    """An address we send from: a User Email (one person's) or a Company Email (named)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="mailboxes")
    whose = models.CharField(max_length=10, choices=Whose.choices)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="mailboxes")
    name = models.CharField(max_length=100)
    is_default = models.BooleanField(default=False)
    address = models.CharField(max_length=254)
    display_name = models.CharField(max_length=200, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)

    service_type = models.CharField(
        max_length=20, choices=ServiceType.choices, default=ServiceType.WEB_MAIL
    )
    transport = models.CharField(max_length=20, default="smtp")
    settings = models.JSONField(default=dict)
    provider = models.CharField(max_length=50, blank=True)

    health = models.CharField(max_length=20, choices=Health.choices, default=Health.UNVALIDATED)
    paused_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    pause_cause = models.CharField(max_length=60, blank=True)
    pause_failure = models.JSONField(null=True)
    pause_told_at = models.DateTimeField(null=True)
    able_since = models.DateTimeField(null=True)
    validated_at = models.DateTimeField(null=True)
    validated_settings = models.CharField(max_length=64, blank=True)

    messages_per_minute = models.PositiveIntegerField(null=True)
    messages_per_day = models.PositiveIntegerField(null=True)
    recipients_per_day = models.PositiveIntegerField(null=True)
    connections = models.PositiveSmallIntegerField(default=1)

    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "mailboxes"
        constraints = [
            models.CheckConstraint(
                name="mailbox_owner_fits",
                condition=Q(whose=Whose.USER, owner__isnull=False, is_default=False)
                | Q(whose=Whose.COMPANY, owner__isnull=True),
            ),
            models.UniqueConstraint(
                name="one_user_email_each",
                fields=["company", "owner"],
                condition=Q(whose=Whose.USER),
            ),
            models.UniqueConstraint(
                name="one_default_company_email",
                fields=["company"],
                condition=Q(is_default=True),
            ),
            models.UniqueConstraint(
                name="company_email_name_once",
                fields=["company", "name"],
                condition=Q(whose=Whose.COMPANY),
            ),
        ]
        indexes = [
            models.Index(
                name="pause_to_tell",
                fields=["paused_at"],
                condition=Q(health=Health.PAUSED, pause_told_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def sealing_context(self) -> str:
        """What the credential is bound to."""
        return f"{self.company_id}/{self.id}"


class Credential(models.Model):
    """A mailbox's secret, sealed. It can be replaced, never read back."""

    mailbox = models.OneToOneField(
        Mailbox, on_delete=models.CASCADE, primary_key=True, related_name="credential"
    )
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=32, db_index=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"credential of {self.mailbox_id}"


class Quota(models.Model):
    """What a mailbox has used of its pace: kept, so that a restart does not forget it.

    `minute` and `day` are rolling windows (`lib/window.py`); at `even_until` an even pace lets
    the next message leave, and until `rest_until` nothing of the bulk is claimed. `slowed_to`
    is the pace, in messages a minute, that complaints have taught.
    """

    mailbox = models.OneToOneField(
        Mailbox, on_delete=models.CASCADE, primary_key=True, related_name="quota"
    )
    minute = models.JSONField(default=list)
    day = models.JSONField(default=list)
    even_until = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True)
    slowed_to = models.FloatField(null=True)
    slowed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"quota of {self.mailbox_id}"


class MailboxEvent(models.Model):
    """One line of a mailbox's history. Written once, never changed."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    code = models.CharField(max_length=40)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.code} at {self.at}"
