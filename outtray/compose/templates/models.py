"""Templates that people wrote: texts for a purpose, by language, with what goes with them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from outtray.documents.layouts import Layout
from outtray.lib.ids import new_id
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company, Membership, Person


class Level(models.TextChoices):
    """Whose template it is."""

    APPLICATION = "application", "Application"
    USER = "user", "User"


class TemplateQuerySet(models.QuerySet["Template"]):
    def visible_to(self, membership: Membership) -> TemplateQuerySet:
        """The company's own, and of the User ones those that this person made."""
        mine = Q(level=Level.APPLICATION) | Q(owner_id=membership.person_id)
        return self.filter(mine, company_id=membership.company_id, archived_at__isnull=True)


class Template(models.Model):
    """A letter's wording for a purpose: a kind of document, or "several" together.

    `is_default` takes it wherever nothing else is settled: for everybody at Application
    level, for its owner at User level. A deleted one is archived, since emails name it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="templates")
    level = models.CharField(max_length=11, choices=Level.choices)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="templates")
    purpose = models.CharField(max_length=30)
    name = models.CharField(max_length=100)
    is_default = models.BooleanField(default=False)
    cc_email = models.CharField(max_length=254, blank=True)
    send_from = models.ForeignKey(Mailbox, on_delete=models.RESTRICT, null=True, blank=True)
    layout = models.ForeignKey(
        Layout, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="template_owner_fits",
                condition=Q(level=Level.APPLICATION, owner__isnull=True)
                | Q(level=Level.USER, owner__isnull=False),
            ),
            models.UniqueConstraint(
                name="application_template_named_once",
                fields=["company", "purpose", "name"],
                condition=Q(level=Level.APPLICATION, archived_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="user_template_named_once",
                fields=["company", "owner", "purpose", "name"],
                condition=Q(level=Level.USER, archived_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="one_default_application_template",
                fields=["company", "purpose"],
                condition=Q(level=Level.APPLICATION, is_default=True),
            ),
            models.UniqueConstraint(
                name="one_default_user_template",
                fields=["company", "owner", "purpose"],
                condition=Q(level=Level.USER, is_default=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """What a template said in a language, from one saving to the next. Never changed.

    The one with the highest number is in force. `html` is `mjml` compiled, with Liquid's tags
    still in it; an empty `text` leaves the plain text to be made from the HTML.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    template = models.ForeignKey(
        Template, on_delete=models.CASCADE, related_name="versions", db_index=False
    )
    language = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    subject = models.TextField()
    text = models.TextField(blank=True)
    mjml = models.TextField()
    html = models.TextField()
    written_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "language", "number"], name="version_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} ({self.language})"


class TemplateFile(models.Model):
    """A file that goes with every letter of a template, or a picture shown within it.

    The MJML names a picture as `cid:` and its filename. `content` names its blob.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="files")
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    content = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    is_shown = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["filename"]
        constraints = [
            models.UniqueConstraint(fields=["template", "filename"], name="template_filename_once"),
        ]

    def __str__(self) -> str:
        return self.filename
