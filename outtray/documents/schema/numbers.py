"""Numbers with check digits: IBAN, BIC and VAT by their own rules, and countries."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from babel import Locale
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from stdnum import bic, iban
from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.gb import vat as british_vat

_COUNTRIES = frozenset(
    code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha()
) - {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
# All documents of a file bear the issuer's numbers, and reckoning check digits takes long.
_SEEN = lru_cache(maxsize=256)
_EU_PREFIXES = frozenset({code.upper() for code in eu_vat.MEMBER_STATES} | {"EL", "XI"})


@_SEEN
def _iban(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return str(iban.validate(text))
    except InvalidChecksum as wrong:
        raise PydanticCustomError(
            "wrong_iban", "“{given}” is not an IBAN: its check digits do not fit.", {"given": text}
        ) from wrong
    except ValidationError as wrong:
        raise PydanticCustomError(
            "wrong_iban", "“{given}” is not an IBAN.", {"given": text}
        ) from wrong


@_SEEN
def _bic(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return str(bic.validate(text))
    except ValidationError as wrong:
        raise PydanticCustomError(
            "wrong_bic", "“{given}” is not a BIC of 8 or 11 characters.", {"given": text}
        ) from wrong


@_SEEN
def _vat_id(text: str) -> str:
    """Checked where a prefix says by which rule; numbers of other countries are taken."""
    text = " ".join(text.split())
    rule = _vat_rule(text.upper().replace(" ", ""))
    if rule is None:
        return text
    try:
        rule.validate(text)
    except ValidationError as wrong:
        raise PydanticCustomError(
            "wrong_vat_id", "“{given}” is not a VAT number of its country.", {"given": text}
        ) from wrong
    return text


def _vat_rule(compact: str):  # type: ignore[no-untyped-def]
    if compact[:2] in _EU_PREFIXES and any(sign.isdigit() for sign in compact):
        return eu_vat
    return {"GB": british_vat, "CH": swiss_vat}.get(compact[:2])


def _country(code: str) -> str:
    if code and code not in _COUNTRIES:
        raise PydanticCustomError(
            "unknown_country",
            "must be an ISO 3166 code like DE or US, not “{code}”.",
            {"code": code[:20]},
        )
    return code


Iban = Annotated[str, Field(strict=True, max_length=50), AfterValidator(_iban)]
Bic = Annotated[str, Field(strict=True, max_length=20), AfterValidator(_bic)]
VatId = Annotated[str, Field(strict=True, max_length=30), AfterValidator(_vat_id)]
Country = Annotated[str, Field(strict=True, max_length=50), AfterValidator(_country)]
