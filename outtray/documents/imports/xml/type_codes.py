"""What sort of invoice or credit note a document says it is (UNTDID 1001), and which we can keep.

It goes out again as an invoice (380) or a credit note (381). Where that would not be true any
more, such as of a correction, it is refused: its receiver would book it as something else.
"""

from __future__ import annotations

from collections.abc import Mapping

from outtray.documents.problems import Problem, shown

# Tax, partial, freight, lease, consignment and metered invoices, and those of building works,
# whose lines say the rest.
_INVOICES = frozenset(
    {"380", "82", "326", "331", "388", "394", "395", "780", "875", "876", "877"}
)  # fmt: skip
_CREDITS = frozenset({"381", "81", "83", "396", "532"})
_OTHERS: Mapping[str, str] = {
    "80": "a debit note",
    "84": "a debit note",
    "261": "a credit note that its receiver wrote",
    "325": "a pro forma invoice",
    "383": "a debit note",
    "384": "a correction of another invoice",
    "386": "an invoice for a payment in advance",
    "389": "an invoice that its receiver wrote",
    "393": "an invoice whose claim was sold",
    "527": "a debit note that its receiver wrote",
    "751": "information for accounting and no invoice",
}


def is_credit(code: str) -> bool:
    """True for what gives money back."""
    return code in _CREDITS


def problems_of_type(code: str, *, is_credit_note: bool = False) -> tuple[Problem, ...]:
    """Why a document of this type cannot be kept. Without a type it is what its name says."""
    known = _CREDITS if is_credit_note else _INVOICES | _CREDITS
    if not code or code in known:
        return ()
    what = f" is {_OTHERS[code]}, which" if code in _OTHERS else ""
    sentence = (
        f"Its type {shown(code, 10)}{what} cannot be kept as a plain invoice or credit memo, "
        "as which it would go out."
    )
    return (Problem("kind", "other_type", sentence),)
