"""What only an e-invoice needs to know: codes for units, taxes and means of payment.

All of it is optional. What EN 16931 needs and a paper lacks is said when its e-invoice is
made, not when the paper comes in: most papers never become one.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from outtray.documents.schema.numbers import Iban
from outtray.documents.schema.part import Part
from outtray.documents.schema.text import Word

_SHAPES = {
    "unit_code": (re.compile(r"[A-Z0-9]{2,3}"), "a code of UN/ECE Recommendation 20 like H87"),
    "endpoint_scheme": (re.compile(r"\d{4}|[A-Z]{2}"), "a code of the EAS list like 0204 or EM"),
    "payment_means": (re.compile(r"\d{1,2}|ZZZ"), "a code of UNTDID 4461 like 58"),
}


def _shaped(text: str, which: str) -> str:
    shape, said = _SHAPES[which]
    if text and not shape.fullmatch(text):
        raise PydanticCustomError(
            f"wrong_{which}", "must be {said}, not “{given}”.", {"said": said, "given": text[:20]}
        )
    return text


# With those of Recommendation 21 behind an X, for packages: HUR, H87, XPX.
UnitCode = Annotated[Word, AfterValidator(lambda text: _shaped(text, "unit_code"))]
Scheme = Annotated[Word, AfterValidator(lambda text: _shaped(text, "endpoint_scheme"))]
MeansCode = Annotated[Word, AfterValidator(lambda text: _shaped(text, "payment_means"))]

# UNTDID 5305, those of EN 16931: S standard, Z zero, E exempt, AE reverse charge, K within
# the EU, G export, O outside of VAT, L and M the taxes of the Canary Islands and Ceuta.
TaxCategory = Literal["", "S", "Z", "E", "AE", "K", "G", "O", "L", "M"]


class Endpoint(Part):
    """An electronic address: an identifier in a scheme of the EAS list, like 0204 or 9930."""

    scheme: Scheme = ""
    id: Word = ""


NO_ENDPOINT = Endpoint()


class PaymentMeans(Part):
    """How it is paid. Empty: a transfer to the issuer's account.

    `code` is of UNTDID 4461: 30 and 58 are transfers, 48 a card, 49 and 59 direct debits,
    which take the money from `debited_iban` by the `mandate`.
    """

    code: MeansCode = ""
    mandate: Word = ""
    creditor_id: Word = ""
    debited_iban: Iban = ""
