"""The sample company, and the parties it trades with."""

from __future__ import annotations

from pathlib import Path

COMPANY = {
    "name": "Nordwind Handels GmbH",
    "street": "Speicherstraße 4",
    "postcode": "20457",
    "city": "Hamburg",
    "country": "DE",
    "email": "office@nordwind.example",
    "phone": "+49 40 5550 1230",
    "website": "www.nordwind.example",
    "vat_id": "DE136695976",
    "registration": "Amtsgericht Hamburg HRB 99999",
    "bank_name": "Hansebank Hamburg",
    "iban": "DE89370400440532013000",
    "bic": "COBADEFFXXX",
    "language": "de",
    "timezone": "Europe/Berlin",
    "colour": "#0f5c6e",
}


def sample_logo() -> bytes:
    """The logo of the sample company, as SVG."""
    return Path(__file__).with_name("logo.svg").read_bytes()


OUR_CONTACT = {
    "name": "Ben Behrens",
    "email": "ben@nordwind.example",
    "phone": "+49 40 5550 1234",
}

BRIGHTWATER = {
    "number": "10017",
    "name": "Brightwater Living Ltd",
    "address": {
        "street": "14 Harbour Parade",
        "city": "Bristol",
        "postcode": "BS1 5TY",
        "country": "GB",
    },
    "vat_id": "GB980780684",
    "emails": {"main": "orders@brightwater.example", "billing": "accounts@brightwater.example"},
    "contacts": [
        {"name": "Olivia Hartley", "email": "olivia.hartley@brightwater.example", "role": "Buyer"}
    ],
}

WAREHOUSE = {
    "name": "Brightwater Warehouse",
    "address": {
        "street": "Unit 6, Avonmouth Way",
        "city": "Bristol",
        "postcode": "BS11 9YA",
        "country": "GB",
    },
}

LUMIERE = {
    "number": "10042",
    "name": "Maison Lumière SARL",
    "address": {
        "street": "27 rue des Capucins",
        "postcode": "69001",
        "city": "Lyon",
        "country": "FR",
    },
    "vat_id": "FR40303265045",
    "emails": {"main": "achats@maison-lumiere.example"},
    "contacts": [{"name": "Camille Rousseau", "email": "camille.rousseau@maison-lumiere.example"}],
}

AHRENS = {
    "number": "10008",
    "name": "Möbelhaus Ahrens KG",
    "address": {
        "street": "Große Straße 118",
        "postcode": "49074",
        "city": "Osnabrück",
        "country": "DE",
    },
    "emails": {
        "main": "info@moebel-ahrens.example",
        "billing": "buchhaltung@moebel-ahrens.example",
    },
    "contacts": [
        {"name": "Jürgen Ahrens", "email": "j.ahrens@moebel-ahrens.example", "role": "Einkauf"}
    ],
}

FJELLTRE = {
    "number": "70003",
    "name": "Fjelltre Møbler AS",
    "address": {
        "street": "Sjøgata 21",
        "postcode": "5003",
        "city": "Bergen",
        "country": "NO",
    },
    "emails": {"main": "sales@fjelltre.example", "cc": "logistics@fjelltre.example"},
}

CERAMICA = {
    "number": "70011",
    "name": "Cerámica Alhambra, S.L.",
    "address": {
        "street": "Calle de los Olivos 9",
        "postcode": "18010",
        "city": "Granada",
        "country": "ES",
    },
    "emails": {"main": "pedidos@ceramica-alhambra.example"},
}
