"""Six documents of a small trading company, as an ERP would hand them over."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

Sample = dict[str, object]

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


def sample_documents(on: date) -> list[Sample]:
    """One document of each kind, in four languages, dated around `on`."""
    return [
        _sales_order(on),
        _order_confirmation(on),
        _purchase_order(on),
        _invoice(on),
        _item_receipt(on),
        _payment_reminder(on),
    ]


def day(on: date, days: int) -> str:
    return (on + timedelta(days=days)).isoformat()


def number(prefix: str, on: date, count: int) -> str:
    return f"{prefix}-{on.year}-{count:04d}"


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

_CERAMICA = {
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


def line(  # noqa: PLR0917 - in the order of the columns, it reads as a table
    item: str,
    description: str,
    quantity: str,
    unit: str,
    unit_price: str,
    tax_rate: str = "19",
    **more: str,
) -> Sample:
    return {
        "item": item,
        "description": description,
        "quantity": quantity,
        "unit": unit,
        "unit_price": unit_price,
        "tax_rate": tax_rate,
        **more,
    }


def _sales_order(on: date) -> Sample:
    return {
        "kind": "sales_order",
        "number": number("SO", on, 1187),
        "date": day(on, 0),
        "language": "en",
        "currency": "EUR",
        "party": BRIGHTWATER,
        "contact": {
            "name": "Olivia Hartley",
            "email": "olivia.hartley@brightwater.example",
        },
        "use_contact_email": True,
        "our_contact": OUR_CONTACT,
        "your_reference": "BW-20931",
        "delivery_date": day(on, 12),
        "ship_to": WAREHOUSE,
        "lines": [
            line("LND-220", "Pendant lamp “Kiel”, brushed brass", "12", "pcs", "148.00", "0",
                  details="Ø 32 cm, cable 2.5 m, E27"),
            line("LND-118", "Table lamp “Föhr”, linen shade", "24", "pcs", "64.50", "0",
                  discount_percent="5"),
            line("SHP-EXP", "Delivery, insured, to Avonmouth", "1", "flat", "185.00", "0"),
        ],
        "taxes": [{"rate": "0", "net": "3431.60", "tax": "0", "name": "VAT, export"}],
        "totals": {"net": "3431.60", "tax": "0", "gross": "3431.60"},
        "terms": {"delivery": "DAP Avonmouth (Incoterms 2020)."},
    }  # fmt: skip


def _order_confirmation(on: date) -> Sample:
    return {
        "kind": "order_confirmation",
        "number": number("OC", on, 1186),
        "date": day(on, 0),
        "language": "fr",
        "currency": "EUR",
        "party": LUMIERE,
        "contact": {
            "name": "Camille Rousseau",
            "email": "camille.rousseau@maison-lumiere.example",
        },
        "our_contact": OUR_CONTACT,
        "order_number": number("SO", on, 1186),
        "your_reference": "ML-4471",
        "delivery_date": day(on, 9),
        "lines": [
            line("LND-305", "Lampadaire « Sylt », frêne clair", "6", "pce", "219.00", "0",
                  details="Hauteur 152 cm, variateur au pied"),
            line("LND-220", "Suspension « Kiel », laiton brossé", "10", "pce", "148.00", "0",
                  discount_percent="7.5"),
            line("ACC-014", "Ampoule LED E27, 2700 K", "40", "pce", "4.85", "0"),
        ],
        "taxes": [{"rate": "0", "net": "2877.00", "tax": "0", "name": "TVA, autoliquidation"}],
        "totals": {"net": "2877.00", "tax": "0", "gross": "2877.00"},
        "terms": {
            "payment": "30 jours net à réception de la facture.",
            "delivery": "Franco de port à Lyon.",
        },
    }  # fmt: skip


def _purchase_order(on: date) -> Sample:
    return {
        "kind": "purchase_order",
        "number": number("PO", on, 412),
        "date": day(on, 0),
        "language": "en",
        "currency": "NOK",
        "party": FJELLTRE,
        "our_contact": OUR_CONTACT,
        "your_reference": "Quote 2291",
        "delivery_date": day(on, 21),
        "ship_to": {
            "name": "Nordwind, Lager Veddel",
            "address": {
                "street": "Am Saalehafen 12",
                "postcode": "20539",
                "city": "Hamburg",
                "country": "DE",
            },
        },
        "lines": [
            line("FT-881", "Oak side table, oiled", "20", "pcs", "1490.00", "0",
                  details="45 × 45 × 52 cm\nFSC mixed"),
            line("FT-902", "Oak bench, 140 cm", "8", "pcs", "2875.00", "0"),
            line("FT-PKG", "Export packing", "3", "pallets", "310.00", "0"),
        ],
        "terms": {
            "payment": "30 days net.",
            "delivery": "DAP Hamburg (Incoterms 2020).",
        },
    }  # fmt: skip


def _invoice(on: date) -> Sample:
    return {
        "kind": "invoice",
        "number": number("RE", on, 1043),
        "date": day(on, 0),
        "due_date": day(on, 14),
        "language": "de",
        "currency": "EUR",
        "party": AHRENS,
        "our_contact": OUR_CONTACT,
        "order_number": number("SO", on, 1162),
        "your_reference": "Ahrens 88/2",
        "delivery_date": day(on, 0),
        "lines": [
            line("LND-305", "Stehleuchte „Sylt“, Esche hell", "8", "Stk.", "219.00",
                  details="Höhe 152 cm, Dimmer am Fuß"),
            line("LND-118", "Tischleuchte „Föhr“, Leinenschirm", "16", "Stk.", "64.50",
                  discount_percent="10"),
            line("ACC-014", "LED-Lampe E27, 2700 K", "60", "Stk.", "4.85"),
            line("BUC-007", "Buch „Licht im Wohnraum“, gebunden", "5", "Stk.", "32.71", "7"),
            line("SRV-001", "Montage vor Ort", "6.5", "Std.", "58.00",
                  details="Inbetriebnahme und Einweisung"),
        ],
        "taxes": [
            {"rate": "19", "net": "3348.80", "tax": "636.27"},
            {"rate": "7", "net": "163.55", "tax": "11.45"},
        ],
        "totals": {"net": "3512.35", "tax": "647.72", "gross": "4160.07"},
        "terms": {"payment": "14 Tage netto ohne Abzug. Bei Zahlung binnen 7 Tagen 2 % Skonto."},
    }  # fmt: skip


def _item_receipt(on: date) -> Sample:
    return {
        "kind": "item_receipt",
        "number": number("WE", on, 233),
        "date": day(on, 0),
        "language": "es",
        "party": _CERAMICA,
        "our_contact": OUR_CONTACT,
        "order_number": number("PO", on, 398),
        "order_date": day(on, -18),
        "delivery_note": "ALB-77120",
        "lines": [
            {
                "item": "CA-510",
                "description": "Cuenco esmaltado, azul cobalto",
                "details": "Ø 24 cm",
                "ordered": "60",
                "received": "60",
                "unit": "uds.",
            },
            {
                "item": "CA-522",
                "description": "Jarrón alto, blanco mate",
                "details": "Dos piezas llegaron rotas y no se aceptaron",
                "ordered": "24",
                "received": "22",
                "unit": "uds.",
            },
            {
                "item": "CA-530",
                "description": "Azulejo pintado a mano, 15 × 15 cm",
                "ordered": "400",
                "received": "400",
                "unit": "uds.",
            },
        ],
    }


def _payment_reminder(on: date) -> Sample:
    return {
        "kind": "payment_reminder",
        "number": number("ZE", on, 58),
        "date": day(on, 0),
        "due_date": day(on, 10),
        "language": "de",
        "currency": "EUR",
        "party": AHRENS,
        "our_contact": OUR_CONTACT,
        "level": 1,
        "fee": "5.00",
        "invoices": [
            {
                "number": number("RE", on, 967),
                "date": day(on, -44),
                "due_date": day(on, -30),
                "total": "1284.50",
                "open": "1284.50",
                "days_overdue": 30,
            },
            {
                "number": number("RE", on, 1001),
                "date": day(on, -27),
                "due_date": day(on, -13),
                "total": "2310.00",
                "open": "810.00",
                "days_overdue": 13,
            },
        ],
    }
