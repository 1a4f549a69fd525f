"""Reads a file of any known form into entries, as they would stand in a JSON file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import PurePath
from xml.etree.ElementTree import Element

from outtray.documents.imports.csv.dialect import Table, read_table
from outtray.documents.imports.csv.documents import entries_of
from outtray.documents.imports.csv.fields import fields_of
from outtray.documents.imports.csv.guess import guess_mapping
from outtray.documents.imports.csv.mapping import Mapping
from outtray.documents.imports.csv.remembered import remembered
from outtray.documents.imports.entries import Entry, Format
from outtray.documents.imports.xml.cii import is_cii, read_cii, seller_vat_id
from outtray.documents.imports.xml.cii import type_code as cii_type
from outtray.documents.imports.xml.parsing import parse_xml
from outtray.documents.imports.xml.pdf import invoice_in
from outtray.documents.imports.xml.type_codes import problems_of_type
from outtray.documents.imports.xml.ubl import known_names, read_ubl, root_name
from outtray.documents.imports.xml.ubl import type_code as ubl_type
from outtray.documents.parsing import MOST_DOCUMENTS, parse, refuse_other_files, refuse_too_large
from outtray.documents.problems import Problem, shown
from outtray.lib.errors import Refused
from outtray.people.models import Company

_SUFFIXES = {".csv": Format.CSV, ".tsv": Format.CSV, ".txt": Format.CSV, ".json": Format.JSON}
_CONTENT_TYPES = {"text/csv": Format.CSV, "application/json": Format.JSON}
_XML_SPACE = b" \t\r\n\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it came in. `format` empty: it says itself, else its name or type does."""

    content: bytes
    name: str = ""
    content_type: str = ""
    format: Format | None = None
    mapping: Mapping | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What is in a file. For a table also the table and what its columns were taken for.

    `is_settled`: a person said or confirmed the mapping before; otherwise it is a guess.
    `repeated` are names that several columns have, which would have meant something alone.
    """

    format: Format
    entries: list[Entry] = field(default_factory=list)
    table: Table | None = None
    mapping: Mapping | None = None
    is_settled: bool = True
    repeated: tuple[str, ...] = ()

    def refuse_guesses(self) -> None:
        """Raises Refused where nobody is there to look at what is not certain."""
        unsure = ""
        if self.repeated:
            unsure = f"several columns are called {', '.join(self.repeated)}."
        elif self.mapping and not self.is_settled:
            unsure = _unsure(self.mapping)
        if unsure:
            raise Refused(
                "mapping_needed",
                f"It is not certain what is in this table: {unsure} Import it once by page, "
                "where the columns can be settled; later files with this header are then known.",
            )


def read(file: File, company: Company, *, most_bytes: int) -> Reading:
    """What is in the file. Raises Refused for what is wrong with it as a whole."""
    refuse_too_large(file.content, most_bytes)
    found = file.format or recognised(file)
    match found:
        case Format.JSON:
            raw = parse(file.content, most_bytes=most_bytes)
            return Reading(found, [Entry(each) for each in raw])
        case Format.CSV:
            return _read_csv(file, company)
        case _:
            return _read_xml(file.content, found, company)


def recognised(file: File) -> Format:
    """The form of a file: what its first bytes say, then its type, its name, its looks."""
    start = file.content[:1024].lstrip(_XML_SPACE)
    if start.startswith(b"%PDF"):
        return Format.FACTURX
    if start.startswith(b"<"):
        return Format.UBL  # or CII: the root element says
    if start.startswith((b"{", b"[")):
        return Format.JSON
    by_type = _CONTENT_TYPES.get(file.content_type.partition(";")[0].strip().lower())
    by_name = _SUFFIXES.get(PurePath(file.name).suffix.lower())
    if Format.CSV in {by_type, by_name}:
        return Format.CSV
    return Format.CSV if _looks_like_a_table(file.content) else Format.JSON


def _looks_like_a_table(content: bytes) -> bool:
    first, newline, second = content[:20_000].partition(b"\n")
    signs = b";,\t|"
    is_text = content.startswith(_UTF16) or b"\x00" not in first
    return bool(newline and second.strip() and is_text) and any(
        first.count(sign) >= 2 and second.count(sign) >= 2 for sign in (bytes([s]) for s in signs)
    )


def _read_csv(file: File, company: Company) -> Reading:
    _refuse_packed(file.content)
    given = file.mapping
    table = read_table(
        file.content,
        encoding=given.encoding if given else "",
        delimiter=given.delimiter if given else "",
    )
    known = given or remembered(company, table.header)
    if known and not given and (known.encoding, known.delimiter) != (table.encoding, ""):
        table = _as_remembered(file.content, known, table)
    guessed, repeated = _guessed(table, known.kind if known else "")
    if known and known.columns:
        repeated = ()
    elif known:
        known = replace(known, columns=guessed.columns)
    mapping = known.filled_from(guessed) if known else guessed
    entries = entries_of(table, mapping)
    if len(entries) > MOST_DOCUMENTS:
        raise Refused(
            "too_many_documents",
            f"The file holds {len(entries):,} documents; at most {MOST_DOCUMENTS:,} can be "
            "imported at once.",
        )
    return Reading(Format.CSV, entries, table, mapping, known is not None, repeated)


def _guessed(table: Table, kind: str) -> tuple[Mapping, tuple[str, ...]]:
    """The likeliest mapping, without columns that share their name, and those names."""
    guessed = guess_mapping(table, kind=kind)
    taken = [table.repeated[name] for name in guessed.columns if name in table.repeated]
    kept = {name: path for name, path in guessed.columns.items() if name not in table.repeated}
    return replace(guessed, columns=kept), tuple(f"“{shown(name)}”" for name in taken)


def _as_remembered(content: bytes, known: Mapping, table: Table) -> Table:
    """Read as last time, as long as that is still possible; programs change their encoding."""
    try:
        again = read_table(content, encoding=known.encoding, delimiter=known.delimiter)
    except Refused:
        return table
    return again if again.header == table.header else table


def _refuse_packed(content: bytes) -> None:
    refuse_other_files(content)


def _unsure(mapping: Mapping) -> str:
    missing = mapping.missing()
    if missing:
        labels = ", ".join(fields_of(mapping.kind)[path].label for path in missing)
        return f"no column is known for {labels}."
    if not mapping.dates:
        return "its dates could have the day or the month first."
    if not mapping.decimal:
        return "the sign in its numbers could divide thousands or decimals."
    return ""


def _read_xml(content: bytes, found: Format, company: Company) -> Reading:
    is_pdf = content.lstrip(_XML_SPACE).startswith(b"%PDF")
    root = parse_xml(invoice_in(content) if is_pdf else content)
    if is_cii(root):
        problems = _not_ours(seller_vat_id(root), company) + problems_of_type(cii_type(root))
        entry = Entry(read_cii(root), problems=problems)
        return Reading(Format.FACTURX if is_pdf else Format.CII, [entry])
    if root_name(root):
        raw = read_ubl(root, own_vat_id=company.vat_id)
        issuer = raw.get("issuer")
        vat_id = str(issuer.get("vat_id", "")) if isinstance(issuer, dict) else ""
        is_note = root_name(root) == "CreditNote"
        sort = problems_of_type(ubl_type(root), is_credit_note=is_note)
        return Reading(Format.UBL, [Entry(raw, problems=_not_ours(vat_id, company) + sort)])
    raise Refused("unknown_xml", _unknown(root, found))


def _not_ours(vat_id: str, company: Company) -> tuple[Problem, ...]:
    """A document of somebody else must not go out under our name."""
    if not vat_id or not company.vat_id or _bare(vat_id) == _bare(company.vat_id):
        return ()
    return (
        Problem(
            "issuer.vat_id",
            "issued_by_others",
            f"It was issued under the VAT number {shown(vat_id)}, not under ours.",
        ),
    )


def _bare(number: str) -> str:
    return "".join(sign for sign in number.upper() if sign.isalnum())


def _unknown(root: Element, found: Format) -> str:
    name = shown(root.tag.rpartition("}")[2])
    known = ", ".join(known_names())
    if name.lower() == "html":
        return "This is a web page, not a document. A session of the other program may have ended."
    return (
        f"The XML is a “{name}”, which is not read here"
        f"{' as ' + found.value.upper() if found is Format.CII else ''}. Known are UBL 2.1 "
        f"({known}) and the Cross Industry Invoice of EN 16931."
    )
