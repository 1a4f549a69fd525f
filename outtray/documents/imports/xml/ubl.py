"""Reads documents of UBL 2.1 (OASIS, ISO/IEC 19845) as entries.

Each document of UBL is issued by one side. Ours are those that we issue: an Order is a
purchase order of ours, unless the seller it names is us; then it is a sales order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element

from outtray.documents.imports.xml.parsing import Node, filled
from outtray.documents.imports.xml.trade import Raw
from outtray.documents.imports.xml.type_codes import is_credit
from outtray.documents.imports.xml.ubl_others import receipt, reminder
from outtray.documents.imports.xml.ubl_parties import contact, day, issuer, party, vat_id
from outtray.documents.imports.xml.ubl_priced import invoice, priced
from outtray.documents.imports.xml.ubl_shapes import INCOMING_ORDER, SHAPES, Shape

NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
_NAMESPACES = {
    "cac": NAMESPACE + "CommonAggregateComponents-2",
    "cbc": NAMESPACE + "CommonBasicComponents-2",
}


def root_name(root: Element) -> str:
    """The document's name if it is one of UBL that we know, or nothing."""
    namespace, _, name = root.tag.removeprefix("{").partition("}")
    return name if namespace.startswith(NAMESPACE) and name in SHAPES else ""


def known_names() -> tuple[str, ...]:
    """The documents of UBL that are read."""
    return tuple(SHAPES)


def type_code(root: Element) -> str:
    """What sort of invoice or credit note it says it is (UNTDID 1001); empty for others."""
    return Node(root, _NAMESPACES).text("cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode")


def read_ubl(root: Element, *, own_vat_id: str) -> Raw:
    """The entry of a document. `own_vat_id` tells an order of ours from one for us."""
    name = root_name(root)
    node = Node(root, _NAMESPACES)
    shape = _shape_of(name, node, own_vat_id)
    raw = {
        **_head(node, shape),
        "issuer": issuer(node, shape.issuer),
        "party": party(node.one(shape.party)),
    }
    return filled({**raw, **_BODIES[name](node, shape)})


def _shape_of(name: str, node: Node, own_vat_id: str) -> Shape:
    shape = SHAPES[name]
    if name == "Order" and own_vat_id:
        seller = vat_id(node.one(f"{INCOMING_ORDER.issuer}/cac:Party"))
        if _bare(seller) == _bare(own_vat_id):
            return INCOMING_ORDER
    if name == "Invoice" and is_credit(node.text("cbc:InvoiceTypeCode")):
        return replace(shape, kind=SHAPES["CreditNote"].kind)
    return shape


def _bare(number: str) -> str:
    return "".join(number.split()).upper()


def _head(node: Node, shape: Shape) -> Raw:
    return {
        "kind": shape.kind,
        "number": node.text("cbc:ID"),
        "date": day(node.text("cbc:IssueDate")),
        "currency": node.text("cbc:DocumentCurrencyCode"),
        "your_reference": node.text("cac:OrderReference/cbc:ID", "cbc:CustomerReference"),
        "order_number": node.text("cac:OrderReference/cbc:SalesOrderID", "cbc:SalesOrderID"),
        "intro": "\n\n".join(node.texts("cbc:Note")),
        "terms": filled(
            {
                "payment": node.text("cac:PaymentTerms/cbc:Note"),
                "delivery": node.text("cac:DeliveryTerms/cbc:SpecialTerms"),
            }
        ),
        "contact": contact(node.one(f"{shape.party}/cac:Party")),
        "our_contact": contact(node.one(f"{shape.issuer}/cac:Party")),
    }


_BODIES: Mapping[str, Callable[[Node, Shape], Raw]] = {
    "Invoice": invoice,
    "CreditNote": invoice,
    "Order": priced,
    "OrderResponse": priced,
    "ReceiptAdvice": receipt,
    "Reminder": reminder,
}
