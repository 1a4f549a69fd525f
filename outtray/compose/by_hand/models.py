"""Draft and its files: a letter that a person has begun, as it stands."""

from __future__ import annotations

from django.db import models

from outtray.documents.models import Party
from outtray.lib.ids import new_id
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company, Membership, Person


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, membership: Membership) -> DraftQuerySet:
        """A person's own, in this company: what is begun nobody else reads."""
        return self.filter(company_id=membership.company_id, person_id=membership.person_id)


class Draft(models.Model):
    """What stands in the form, half typed addresses too; `version` counts every change of it.

    `documents` are the ids of those that go along, `template` and `layout` what was chosen,
    `resend_of` the email that it is to replace. The `seen_` fields hold the message that was
    looked at last, ready to be sent as it is.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="drafts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    party = models.ForeignKey(Party, on_delete=models.SET_NULL, null=True, related_name="+")
    documents = models.JSONField(default=list)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.SET_NULL, null=True, related_name="+")
    to = models.TextField(blank=True)
    cc = models.TextField(blank=True)
    bcc = models.TextField(blank=True)
    reply_to = models.CharField(max_length=500, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    html = models.TextField(blank=True)
    language = models.CharField(max_length=2, blank=True)
    template = models.CharField(max_length=36, blank=True)
    layout = models.CharField(max_length=36, blank=True)
    resend_of = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    seen_message = models.BinaryField(null=True)
    seen_message_id = models.CharField(max_length=200, blank=True)
    seen_letter = models.CharField(max_length=64, blank=True)
    seen_at = models.DateTimeField(null=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["company", "person", "-changed_at"], name="draft_newest")]

    def __str__(self) -> str:
        return self.subject or "no subject"


class DraftFile(models.Model):
    """A file of a draft. It is kept in its row, unlike those of emails: when the draft goes, so
    does the file.

    `warnings` are the sentences that speak against it.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    warnings = models.JSONField(default=list)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.filename
