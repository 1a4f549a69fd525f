"""What a kind of document declares. Pages, import and PDF read it and never ask which it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from outtray.documents.schema.paper import Paper


class Style(StrEnum):
    """How a value is written on paper."""

    TEXT = "text"
    ITEM = "item"
    DATE = "date"
    NUMBER = "number"
    PERCENT = "percent"
    AMOUNT = "amount"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the facts beside the address: a field of the paper, shown if it is filled.

    Its words are under `fact.<name>`; `path` leads to the value, dots into parts.
    """

    name: str
    path: str
    style: Style = Style.TEXT


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table of rows. Its words are under `column.<name>`.

    One that is `optional` is left out where all its cells are empty, zero or the same. One
    that is `free` may be left out by a layout: the row can be understood without it. A
    value that differs from the field named in `against` is emphasised.
    """

    name: str
    style: Style = Style.TEXT
    optional: bool = False
    against: str = ""
    free: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """A line under the table of rows. Its words are under `total.<name>`.

    The one that counts is `strong` and bears the currency. One that is `optional` is left
    out where it is zero or as much as the total.
    """

    name: str
    path: str
    strong: bool = False
    optional: bool = False


# What stands under the name in a column of style ITEM; a layout may leave either out.
ITEM_PARTS = ("item", "details")


@dataclass(frozen=True, slots=True)
class XmlForm:
    """How a kind is written as XML: its document of UBL 2.1, and its code if it is an invoice.

    `invoice_type` is of UNTDID 1001, 380 an invoice and 381 a credit note; a kind that has
    one can be Factur-X too, and the rules of EN 16931 are for it.
    """

    ubl: str
    invoice_type: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of business document.

    `recipient_event` names the order in which addresses are tried: `order` (contact if
    toggled, bill-to, main), `invoice` (contact if toggled, billing, bill-to, main),
    `overdue` (billing, main), `vendor` (main, copied to cc). `variant` names a field whose
    value picks other words where there are any: `intro.2` for a reminder of level 2.
    `addressed_to` names the place that goes before the party's own address. `strip` names a
    part whose amounts stand side by side under the sums; its words are `<strip>.<field>`.
    One that is `void_once_paid` does nothing but ask for money; a paid invoice is a receipt.
    """

    name: str
    party_role: str
    recipient_event: str
    schema: type[Paper]
    words: Mapping[str, Mapping[str, str]]
    facts: tuple[Fact, ...]
    columns: tuple[Column, ...]
    rows: str = "lines"
    has_payment: bool = False
    void_once_paid: bool = False
    variant: str = ""
    addressed_to: str = "bill_to"
    sums: tuple[Sum, ...] = ()
    strip: str = ""
    xml: XmlForm | None = None

    def label(self, language: str) -> str:
        """The kind's name, as on the paper: Invoice, Rechnung."""
        return self.words[language]["label"]

    def plural(self, language: str) -> str:
        return self.words[language]["plural"]


def words_beside(module_file: str) -> Mapping[str, Mapping[str, str]]:
    """The kind's own words by language, from `words.json` in its folder."""
    loaded: dict[str, dict[str, str]] = json.loads(
        Path(module_file).with_name("words.json").read_text(encoding="utf-8")
    )
    return loaded


PRICED_COLUMNS = (
    Column("position", free=True),
    Column("description", Style.ITEM),
    Column("quantity", Style.NUMBER, free=True),
    Column("unit", optional=True, free=True),
    Column("unit_price", Style.PRICE, free=True),
    Column("discount_percent", Style.PERCENT, optional=True),
    Column("tax_rate", Style.PERCENT, optional=True),
    Column("total", Style.AMOUNT),
)
