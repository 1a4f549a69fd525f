"""What a company has settled: for kinds of document, for parties, and for itself."""

from __future__ import annotations

from django.db import models

from outtray.compose.by_hand.models import Draft, DraftFile
from outtray.compose.templates.models import Level, Template, TemplateFile, TemplateVersion
from outtray.documents.layouts import Layout
from outtray.documents.models import Party
from outtray.lib.ids import new_id
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company, Membership

__all__ = [
    "DocumentDefault",
    "Draft",
    "DraftFile",
    "Level",
    "PartyDefault",
    "RecipientRule",
    "SendingRules",
    "Template",
    "TemplateFile",
    "TemplateVersion",
]


class DocumentDefault(models.Model):
    """Default Document Template of a kind: its Send From Email wins over the User Email.

    `fallback` is who gets a document of which no address is known.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="defaults")
    kind = models.CharField(max_length=30)
    # A mailbox that is named here is not deleted: nobody else would send without being asked.
    send_from = models.ForeignKey(Mailbox, on_delete=models.RESTRICT, null=True, blank=True)
    cc_email = models.CharField(max_length=254, blank=True)
    fallback = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    template = models.ForeignKey(
        Template, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    layout = models.ForeignKey(
        Layout, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "kind"], name="one_default_a_kind"),
        ]

    def __str__(self) -> str:
        return f"default of {self.kind}"


class PartyDefault(models.Model):
    """What a party has instead of the defaults of a kind; an empty `kind` means all of them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="overrides")
    kind = models.CharField(max_length=30, blank=True)
    send_from = models.ForeignKey(Mailbox, on_delete=models.RESTRICT, null=True, blank=True)
    cc_email = models.CharField(max_length=254, blank=True)
    template = models.ForeignKey(
        Template, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    layout = models.ForeignKey(
        Layout, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "kind"], name="one_override_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind or 'all kinds'} of {self.party_id}"


class RecipientRule(models.Model):
    """The company's own order of address slots for a purpose, which is a kind of document."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="recipient_rules")
    purpose = models.CharField(max_length=30)
    slots = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "purpose"], name="one_order_a_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}: {', '.join(self.slots)}"


class SendingRules(models.Model):
    """What a company allows for all kinds. Without a row it allows none of it."""

    company = models.OneToOneField(
        Company, on_delete=models.CASCADE, primary_key=True, related_name="sending_rules"
    )
    may_use_company_email = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"rules of {self.company_id}"
