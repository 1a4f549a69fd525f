"""What a company has settled for each kind of document."""

from __future__ import annotations

from django.db import models

from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company


class DocumentDefault(models.Model):
    """Default Document Template of a kind: its Send From Email wins over the User Email."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="defaults")
    kind = models.CharField(max_length=30)
    send_from = models.ForeignKey(Mailbox, on_delete=models.SET_NULL, null=True, blank=True)
    cc_email = models.CharField(max_length=254, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "kind"], name="one_default_a_kind"),
        ]

    def __str__(self) -> str:
        return f"default of {self.kind}"
