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


class SignIn(models.TextChoices):
    """Where a mailbox's owner signs in by OAuth. An empty one takes a password, or nothing."""

    GOOGLE = "google", "Google"
    MICROSOFT = "microsoft", "Microsoft"


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
    sign_in = models.CharField(max_length=20, choices=SignIn.choices, blank=True)

    # None leaves it to what is known of the server: see `copies.py`.
    keep_sent_copy = models.BooleanField(null=True)
    seen_to_file = models.BooleanField(null=True)

    health = models.CharField(max_length=20, choices=Health.choices, default=Health.UNVALIDATED)
    paused_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    pause_cause = models.CharField(max_length=60, blank=True)
    pause_failure = models.JSONField(null=True)
    pause_told_at = models.DateTimeField(null=True)
    able_since = models.DateTimeField(null=True)
    validated_at = models.DateTimeField(null=True)
    validated_settings = models.CharField(max_length=64, blank=True)
    recheck_at = models.DateTimeField(null=True)

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
            models.Index(
                name="recheck_due", fields=["recheck_at"], condition=Q(health=Health.READY)
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def sealing_context(self) -> str:
        """What the credential is bound to."""
        return f"{self.company_id}/{self.id}"


class Credential(models.Model):
    """A mailbox's secret, sealed: a password, or the refresh token of its Grant.

    It can be replaced, never read back.
    """

    mailbox = models.OneToOneField(
        Mailbox, on_delete=models.CASCADE, primary_key=True, related_name="credential"
    )
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=32, db_index=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"credential of {self.mailbox_id}"


class OAuthApp(models.Model):
    """What a company has registered at Google or Microsoft, so that mailboxes can connect.

    `sealed` holds the client secret, the private key of the certificate and the key of the
    service account, whichever there are; what may be shown of them stands beside it.
    `secret_expires_at` is when the secret or the certificate ends, as far as it is known, and
    `told_days` how many days before that it was told the last time.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="oauth_apps")
    provider = models.CharField(max_length=20, choices=SignIn.choices)
    client_id = models.CharField(max_length=200, blank=True)
    tenant = models.CharField(max_length=200, blank=True)
    cloud = models.CharField(max_length=20, blank=True)
    has_secret = models.BooleanField(default=False)
    certificate = models.TextField(blank=True)
    service_account = models.CharField(max_length=254, blank=True)
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=32, db_index=True)
    secret_expires_at = models.DateTimeField(null=True)
    told_days = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "OAuth app"
        constraints = [
            models.UniqueConstraint(name="oauth_app_once", fields=["company", "provider"]),
        ]

    def __str__(self) -> str:
        return f"{self.provider} app of {self.company_id}"

    @property
    def sealing_context(self) -> str:
        """What its secrets are bound to."""
        return f"{self.company_id}/oauth-app/{self.id}"


class Grant(models.Model):
    """The consent by which a mailbox is used. Each Connect makes a new one with a new id.

    `account` is the address that signed in, empty where the application acts by itself.
    `scopes` are those that were granted, with blanks between them. While `renewing_until` is
    ahead, `renewing_by` alone may renew the tokens.
    """

    class Kind(models.TextChoices):
        USER = "user", "Somebody signed in"
        APP = "app", "The application by itself"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, related_name="grant")
    app = models.ForeignKey(OAuthApp, on_delete=models.RESTRICT, related_name="grants")
    provider = models.CharField(max_length=20, choices=SignIn.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    account = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=255, blank=True)
    scopes = models.TextField(blank=True)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    told_days = models.PositiveSmallIntegerField(null=True)
    renewing_by = models.CharField(max_length=32, blank=True)
    renewing_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"grant of {self.mailbox_id}"


class Connecting(models.Model):
    """A Connect that somebody has begun, until he comes back from the provider's pages.

    It belongs to the membership that began it and is used once. `state` is kept as a digest;
    the code verifier and the nonce are sealed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    app = models.ForeignKey(OAuthApp, on_delete=models.CASCADE, related_name="+")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, null=True, related_name="+")
    state_digest = models.CharField(max_length=64, unique=True)
    draft = models.JSONField()
    redirect_uri = models.CharField(max_length=500)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"connecting to {self.app_id} since {self.created_at}"

    @property
    def sealing_context(self) -> str:
        """What its secrets are bound to."""
        return f"{self.membership_id}/connecting/{self.id}"


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
