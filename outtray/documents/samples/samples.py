"""Six documents of a small trading company, as an ERP would hand them over."""

from __future__ import annotations

from datetime import date, timedelta

from outtray.documents.samples.cast import (
    AHRENS,
    BRIGHTWATER,
    CERAMICA,
    FJELLTRE,
    LUMIERE,
    OUR_CONTACT,
    WAREHOUSE,
)

Sample = dict[str, object]


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
        "party": CERAMICA,
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
