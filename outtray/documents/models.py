"""Party, Contact and Document."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from outtray.documents.einvoice.settings import EInvoiceProfile, EInvoiceSetting
from outtray.documents.imports.models import ImportDraft, ImportMapping, TakenFile, WatchedFolder
from outtray.documents.layouts import Layout
from outtray.lib.ids import new_id
from outtray.people.models import Company, Membership, Person

MODELS_ELSEWHERE = (
    EInvoiceProfile, EInvoiceSetting, ImportDraft, ImportMapping, Layout, TakenFile, WatchedFolder
)  # fmt: skip


class PartyRole(models.TextChoices):
    """On which side of the business a party stands."""

    CUSTOMER = "customer", "Customer"
    VENDOR = "vendor", "Vendor"


class PartyQuerySet(models.QuerySet["Party"]):
    def visible_to(self, membership: Membership) -> PartyQuerySet:
        return self.filter(company_id=membership.company_id)


class Party(models.Model):
    """A customer or vendor with its address slots. `number` is what the business calls it.

    `bill_to_address` and `ship_to_address` are empty where both are `address`. `excluded`
    names the kinds of document that it does not want by email.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="parties", db_index=False
    )
    role = models.CharField(max_length=10, choices=PartyRole.choices)
    number = models.CharField(max_length=50)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, blank=True)
    main_email = models.CharField(max_length=254, blank=True)
    cc_email = models.CharField(max_length=254, blank=True)
    billing_email = models.CharField(max_length=254, blank=True)
    shipment_email = models.CharField(max_length=254, blank=True)
    bill_to_email = models.CharField(max_length=254, blank=True)
    ship_to_email = models.CharField(max_length=254, blank=True)
    address = models.JSONField(default=dict)
    bill_to_address = models.JSONField(default=dict)
    ship_to_address = models.JSONField(default=dict)
    excluded = models.JSONField(default=list)
    vat_id = models.CharField(max_length=30, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(fields=["company", "role", "number"], name="party_number_once"),
        ]
        indexes = [models.Index(fields=["company", "name", "id"], name="party_by_name")]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person at a party."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254)
    role = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


class PartyEvent(models.Model):
    """One line of a party's history: which fields were changed, by whom. Never changed itself.

    `detail` holds under `changes` for each field what stood there before, and after.
    """

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    code = models.CharField(max_length=40)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.code} at {self.at}"


class DocumentStatus(models.TextChoices):
    """Whether a document still matters, as the business system says."""

    OPEN = "open", "Open"
    PAID = "paid", "Paid"
    CANCELLED = "cancelled", "Cancelled"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, membership: Membership) -> DocumentQuerySet:
        return self.filter(company_id=membership.company_id)


_STATE = ("status", "due_date", "total")
_LISTED = ("party", "number", *_STATE)


class Document(models.Model):
    """A business paper. `data` is the validated document as its kind's schema writes it.

    A later import of the same number replaces `data` and counts `revision` up; emails
    keep the PDF that they were accepted with. `status` is beside `data`, because being paid
    changes nothing on the paper.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="documents", db_index=False
    )
    kind = models.CharField(max_length=30)
    number = models.CharField(max_length=50)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="documents", db_index=False
    )
    date = models.DateField()
    due_date = models.DateField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    total = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    language = models.CharField(max_length=2)
    status = models.CharField(
        max_length=10, choices=DocumentStatus.choices, default=DocumentStatus.OPEN
    )
    data = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    imported_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, db_index=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "number"], name="document_number_once"
            ),
            models.CheckConstraint(name="document_number_given", condition=~Q(number="")),
        ]
        # The first four hold all that a list is narrowed and sorted by: rows are long, and so a
        # page of 100,000 documents is found without reading any that it does not show.
        indexes = [
            models.Index(
                name="document_list",
                fields=["company", "-date", "-id", "kind", *_LISTED],
            ),
            models.Index(
                name="document_centre_list",
                fields=["company", "kind", "-date", "-id", *_LISTED],
            ),
            models.Index(
                name="document_by_number",
                fields=["company", "number", "id", "kind", "party", "date", *_STATE],
            ),
            models.Index(
                name="document_by_party",
                fields=["party", "id", "company", "kind", "number", "date", *_STATE],
            ),
            models.Index(fields=["company", "-id"], name="document_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
