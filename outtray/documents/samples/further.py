"""One document of each further kind, from the same small trading company."""

from __future__ import annotations

from datetime import date

from outtray.documents.samples.cast import (
    AHRENS,
    BRIGHTWATER,
    FJELLTRE,
    LUMIERE,
    OUR_CONTACT,
    WAREHOUSE,
)
from outtray.documents.samples.samples import Sample, day, line, number, sample_documents


def all_samples(on: date) -> list[Sample]:
    """One document of every kind, dated around `on`."""
    return [*sample_documents(on), *further_documents(on)]


def further_documents(on: date) -> list[Sample]:
    """Those that the demo does not send."""
    return [_estimate(on), _packing_slip(on), _credit_memo(on), _statement(on), _bill_payment(on)]


def _estimate(on: date) -> Sample:
    return {
        "kind": "estimate",
        "number": number("AN", on, 318),
        "date": day(on, 0),
        "valid_until": day(on, 30),
        "language": "fr",
        "currency": "EUR",
        "party": LUMIERE,
        "our_contact": OUR_CONTACT,
        "your_reference": "Salon de Lyon",
        "lines": [
            line("LND-305", "Lampadaire « Sylt », frêne clair", "20", "pce", "209.00", "0",
                 details="Hauteur 152 cm, variateur au pied"),
            line("LND-220", "Suspension « Kiel », laiton brossé", "35", "pce", "141.00", "0",
                 discount_percent="5"),
            line("SRV-010", "Plan d’éclairage du stand", "1", "forfait", "480.00", "0"),
        ],
        "taxes": [{"rate": "0", "net": "9348.25", "tax": "0", "name": "TVA, autoliquidation"}],
        "totals": {"net": "9348.25", "tax": "0", "gross": "9348.25"},
        "terms": {"delivery": "Livraison en six semaines, franco de port à Lyon."},
    }  # fmt: skip


def _packing_slip(on: date) -> Sample:
    return {
        "kind": "packing_slip",
        "number": number("LS", on, 774),
        "date": day(on, 0),
        "language": "en",
        "party": BRIGHTWATER,
        "our_contact": OUR_CONTACT,
        "order_number": number("SO", on, 1187),
        "order_date": day(on, -9),
        "your_reference": "BW-20931",
        "delivery_date": day(on, 3),
        "carrier": "Nordsee Freight",
        "tracking_number": "NF 4471 2098",
        "packages": 3,
        "ship_to": WAREHOUSE,
        "lines": [
            {
                "item": "LND-220",
                "description": "Pendant lamp “Kiel”, brushed brass",
                "details": "Ø 32 cm, cable 2.5 m, E27",
                "ordered": "12",
                "shipped": "12",
                "unit": "pcs",
            },
            {
                "item": "LND-118",
                "description": "Table lamp “Föhr”, linen shade",
                "ordered": "24",
                "shipped": "16",
                "unit": "pcs",
            },
        ],
    }


def _credit_memo(on: date) -> Sample:
    return {
        "kind": "credit_memo",
        "number": number("GS", on, 41),
        "date": day(on, 0),
        "language": "de",
        "currency": "EUR",
        "party": AHRENS,
        "our_contact": OUR_CONTACT,
        "invoice_number": number("RE", on, 1001),
        "invoice_date": day(on, -27),
        "settlement": "offset",
        "your_reference": "Ahrens 88/2",
        "lines": [
            line("LND-118", "Tischleuchte „Föhr“, Schirm beschädigt", "2", "Stk.", "64.50",
                 details="Rücksendung vom Vortag"),
            line("ACC-014", "LED-Lampe E27, 2700 K, nicht geliefert", "10", "Stk.", "4.85"),
            line("SRV-020", "Abzug für die Rücksendung", "-1", "pausch.", "12.00"),
        ],
        "taxes": [{"rate": "19", "net": "165.50", "tax": "31.45"}],
        "totals": {"net": "165.50", "tax": "31.45", "gross": "196.95"},
    }  # fmt: skip


def _statement(on: date) -> Sample:
    return {
        "kind": "statement",
        "number": number("KA", on, 12),
        "date": day(on, 0),
        "language": "de",
        "currency": "EUR",
        "party": AHRENS,
        "our_contact": OUR_CONTACT,
        "period_start": day(on, -60),
        "period_end": day(on, -1),
        "opening_balance": "1284.50",
        "movements": [
            {
                "date": day(on, -44),
                "number": number("RE", on, 967),
                "description": "Rechnung",
                "due_date": day(on, -30),
                "charge": "1284.50",
            },
            {
                "date": day(on, -40),
                "description": "Zahlung, vielen Dank",
                "credit": "1284.50",
            },
            {
                "date": day(on, -27),
                "number": number("RE", on, 1001),
                "description": "Rechnung",
                "due_date": day(on, -13),
                "charge": "2310.00",
            },
            {
                "date": day(on, -12),
                "number": number("GS", on, 38),
                "description": "Rechnungskorrektur",
                "credit": "196.95",
            },
        ],
        "closing_balance": "3397.55",
        "ageing": {"current": "0", "days_1_30": "3397.55"},
    }


def _bill_payment(on: date) -> Sample:
    return {
        "kind": "bill_payment",
        "number": number("ZA", on, 205),
        "date": day(on, 0),
        "language": "en",
        "currency": "NOK",
        "party": FJELLTRE,
        "our_contact": OUR_CONTACT,
        "method": "Bank transfer",
        "account": "NO9386011117947",
        "payment_reference": number("ZA", on, 205),
        "bills": [
            {
                "number": "F-20118",
                "date": day(on, -31),
                "total": "29800.00",
                "discount": "596.00",
                "paid": "29204.00",
            },
            {"number": "F-20131", "date": day(on, -20), "total": "23000.00", "paid": "15000.00"},
            {"number": "K-1007", "date": day(on, -12), "total": "-1490.00", "paid": "-1490.00"},
        ],
        "total_paid": "42714.00",
    }
