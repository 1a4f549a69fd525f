"""Who writes to whom: addresses, parties, contacts, the issuer and its bank."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from outtray.documents.schema.einvoice import Endpoint
from outtray.documents.schema.numbers import Bic, Country, Iban, VatId
from outtray.documents.schema.part import Part
from outtray.documents.schema.text import Email, GivenName, GivenWord, Name, Word

_MOST_CONTACTS = 50


class Address(Part):
    """Where post goes. `country` is an ISO 3166 code like DE."""

    street: Name = ""
    extra: Name = ""
    postcode: Word = ""
    city: Name = ""
    region: Name = ""
    country: Country = ""


class ContactPerson(Part):
    """Somebody to ask, at the party or at the issuer."""

    name: GivenName
    email: Email = ""
    phone: Word = ""
    role: Name = ""


class Emails(Part):
    """The address slots of a party."""

    main: Email = ""
    cc: Email = ""
    billing: Email = ""
    shipment_update: Email = ""
    bill_to: Email = ""
    ship_to: Email = ""


class PartyPart(Part):
    """The customer or vendor, as the document names it."""

    number: GivenWord
    name: GivenName
    address: Address = Address()
    emails: Emails = Emails()
    vat_id: VatId = ""
    endpoint: Endpoint = Endpoint()
    contacts: Annotated[tuple[ContactPerson, ...], Field(max_length=_MOST_CONTACTS)] = ()


class Place(Part):
    """Another recipient or place than the party's own, with this document's own email."""

    name: Name = ""
    address: Address = Address()
    email: Email = ""


class Bank(Part):
    """Where money goes."""

    name: Name = ""
    holder: Name = ""
    iban: Iban = ""
    bic: Bic = ""


class Issuer(Part):
    """Who issues the document. What it leaves open comes from the company's settings."""

    name: GivenName
    address: Address = Address()
    email: Email = ""
    phone: Word = ""
    website: Name = ""
    vat_id: VatId = ""
    tax_number: Word = ""
    registration: Name = ""
    endpoint: Endpoint = Endpoint()
    bank: Bank = Bank()
