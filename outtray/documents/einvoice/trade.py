"""The two sides of a paper and where its goods go, as XML names them."""

from __future__ import annotations

from dataclasses import dataclass

from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.schema.einvoice import NO_ENDPOINT, Endpoint
from outtray.documents.schema.paper import Paper
from outtray.documents.schema.parties import Address, Bank, ContactPerson, Place

_BY_EMAIL = "EM"  # EAS: an address for electronic mail


@dataclass(frozen=True, slots=True)
class TradeParty:
    """Somebody who sells, buys, sends or gets. What is not known is empty."""

    name: str
    address: Address
    id: str = ""
    vat_id: str = ""
    tax_number: str = ""
    registration: str = ""
    contact: ContactPerson | None = None
    endpoint: Endpoint = NO_ENDPOINT


def issuer_of(paper: Paper, facts: CompanyFacts, *, is_outside_vat: bool = False) -> TradeParty:
    """Who writes the paper. Outside of VAT nobody's VAT number is named (BR-O-02)."""
    issuer = paper.issuer
    return TradeParty(
        name=issuer.name,
        address=issuer.address,
        vat_id="" if is_outside_vat else _compact(issuer.vat_id),
        tax_number=issuer.tax_number or facts.tax_number,
        registration=issuer.registration,
        contact=_contact(paper),
        endpoint=_endpoint(issuer.endpoint if issuer.endpoint.id else facts.endpoint, issuer.email),
    )


def buyer_of(paper: Paper, *, is_outside_vat: bool = False) -> TradeParty:
    """To whom it is written: the party, or whom the paper names instead to get the bill."""
    party, other = paper.party, paper.bill_to
    return TradeParty(
        name=other.name or party.name,
        address=other.address if _is_given(other) else party.address,
        id=party.number,
        vat_id="" if is_outside_vat else _compact(party.vat_id),
        contact=paper.contact,
        endpoint=_endpoint(party.endpoint, party.emails.billing or party.emails.main),
    )


def delivery_of(paper: Paper) -> TradeParty | None:
    """Where the goods go, if the paper names another place."""
    place = paper.ship_to
    if not _is_given(place):
        return None
    return TradeParty(name=place.name or paper.party.name, address=place.address)


def account_holder(bank: Bank, seller: TradeParty) -> str:
    return bank.holder or seller.name


def _contact(paper: Paper) -> ContactPerson | None:
    """Whom to ask; without a person, the issuer's own telephone and address."""
    issuer = paper.issuer
    if paper.our_contact:
        return paper.our_contact
    if not issuer.phone and not issuer.email:
        return None
    return ContactPerson.model_construct(
        name=issuer.name, email=issuer.email, phone=issuer.phone, role=""
    )


def _endpoint(given: Endpoint, email: str) -> Endpoint:
    if given.id and given.scheme:
        return given
    return Endpoint(scheme=_BY_EMAIL, id=email) if email and len(email) <= 50 else NO_ENDPOINT


def _is_given(place: Place) -> bool:
    return bool(place.address.street or place.address.city)


def _compact(vat_id: str) -> str:
    return vat_id.replace(" ", "")
