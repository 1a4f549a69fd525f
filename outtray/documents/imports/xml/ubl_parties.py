"""The sides of a document of UBL: who issues it, who gets it, where they are."""

from __future__ import annotations

from outtray.documents.imports.xml.parsing import Node, filled
from outtray.documents.imports.xml.trade import (
    Raw,
    email_of,
    endpoint,
    iban,
    party_number,
    person,
)


def day(text: str) -> str:
    """UBL allows a zone behind the day, which a day on paper does not have."""
    return text[:10] if len(text) > 10 and text[10] in "Z+-" else text


def contact(party: Node) -> Raw | None:
    """Whom to ask there, if it has a name."""
    found = party.one("cac:Contact")
    return person(
        found.text("cbc:Name"),
        found.text("cbc:ElectronicMail"),
        found.text("cbc:Telephone"),
    )


def party(side: Node) -> Raw:
    """Who gets the document. Its contact's email is where it wants post."""
    party = side.one("cac:Party")
    own_vat_id = vat_id(party)
    email = party.text("cac:Contact/cbc:ElectronicMail")
    scheme, number = _endpoint(party)
    return filled(
        {
            "number": party_number(
                side.text("cbc:SupplierAssignedAccountID", "cbc:CustomerAssignedAccountID"),
                party.text("cac:PartyIdentification/cbc:ID"),
                own_vat_id,
                number,
                party.text("cac:PartyLegalEntity/cbc:CompanyID"),
            ),
            "name": _name(party),
            "address": address(party.one("cac:PostalAddress")),
            "vat_id": own_vat_id,
            "endpoint": endpoint(scheme, number),
            "emails": filled({"main": email_of(email, scheme, number)}),
        }
    )


def issuer(node: Node, side: str) -> Raw:
    """Who issues the document, with the account that is to be paid to."""
    party = node.one(f"{side}/cac:Party")
    who = party.one("cac:Contact")
    scheme, number = _endpoint(party)
    account = node.one("cac:PaymentMeans/cac:PayeeFinancialAccount")
    number_of_account = iban(account.text("cbc:ID"))
    bank = {
        "iban": number_of_account,
        "holder": account.text("cbc:Name"),
        "bic": account.text("cac:FinancialInstitutionBranch/cbc:ID"),
    }
    return filled(
        {
            "name": _name(party),
            "address": address(party.one("cac:PostalAddress")),
            "email": who.text("cbc:ElectronicMail"),
            "phone": who.text("cbc:Telephone"),
            "website": party.text("cbc:WebsiteURI"),
            "vat_id": vat_id(party),
            "tax_number": _tax_number(party),
            "registration": party.text("cac:PartyLegalEntity/cbc:CompanyID"),
            "endpoint": endpoint(scheme, number),
            "bank": filled(bank) if number_of_account else {},
        }
    )


def _name(party: Node) -> str:
    return party.text("cac:PartyLegalEntity/cbc:RegistrationName", "cac:PartyName/cbc:Name")


def _endpoint(party: Node) -> tuple[str, str]:
    return party.attribute("cbc:EndpointID", "schemeID"), party.text("cbc:EndpointID")


def vat_id(party: Node) -> str:
    """Its number for VAT, and none of another tax."""
    return next(
        (
            scheme.text("cbc:CompanyID")
            for scheme in party.all("cac:PartyTaxScheme")
            if scheme.text("cac:TaxScheme/cbc:ID").upper() in {"VAT", ""}
        ),
        "",
    )


def _tax_number(party: Node) -> str:
    return next(
        (
            scheme.text("cbc:CompanyID")
            for scheme in party.all("cac:PartyTaxScheme")
            if scheme.text("cac:TaxScheme/cbc:ID").upper() not in {"VAT", ""}
        ),
        "",
    )


def address(place: Node) -> Raw:
    return filled(
        {
            "street": " ".join(
                each
                for each in (place.text("cbc:StreetName"), place.text("cbc:BuildingNumber"))
                if each
            ),
            "extra": place.text("cbc:AdditionalStreetName", "cac:AddressLine/cbc:Line"),
            "postcode": place.text("cbc:PostalZone"),
            "city": place.text("cbc:CityName"),
            "region": place.text("cbc:CountrySubentity"),
            "country": place.text("cac:Country/cbc:IdentificationCode"),
        }
    )
