"""Company, Person, Membership, ApiKey: who owns the data and who acts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from outtray.lib.ids import new_id


class Role(models.TextChoices):
    """What a person may do in a company."""

    ADMINISTRATOR = "administrator", "Administrator"
    USER = "user", "User"


class Company(models.Model):
    """Who owns everything else. What stands here also stands at the top of its documents."""

    class Paper(models.TextChoices):
        A4 = "a4", "A4"
        LETTER = "us-letter", "Letter"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    street = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    website = models.CharField(max_length=200, blank=True)
    vat_id = models.CharField(max_length=30, blank=True)
    registration = models.CharField(max_length=100, blank=True)
    bank_name = models.CharField(max_length=100, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    language = models.CharField(max_length=2, default="en")
    timezone = models.CharField(max_length=64, default="UTC")
    paper = models.CharField(max_length=10, choices=Paper.choices, default=Paper.A4)
    colour = models.CharField(max_length=7, default="#1f4f82")
    logo = models.CharField(max_length=64, blank=True)
    logo_format = models.CharField(max_length=4, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Finds persons by their address, in any case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who signs in, by email address and password."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_any_case"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, person: Person) -> MembershipQuerySet:
        return self.filter(person=person, person__is_active=True).select_related(
            "company", "person"
        )

    def visible_to(self, membership: Membership) -> MembershipQuerySet:
        """The persons of the same company."""
        return self.filter(company_id=membership.company_id).select_related("company", "person")


class Membership(models.Model):
    """A person in a company, with a role. Everything visible is visible to a membership.

    `signature_html` stands below the letters that the person writes here by hand.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.USER)
    signature_html = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "person"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} at {self.company}"

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def visible_to(self, membership: Membership) -> ApiKeyQuerySet:
        """A person's own keys; for an administrator all of the company."""
        mine = self.filter(membership__company_id=membership.company_id)
        if membership.is_administrator:
            return mine
        return mine.filter(membership_id=membership.pk)


class ApiKey(models.Model):
    """A bearer key of a membership. Only its digest is kept; `prefix` tells keys apart."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"
