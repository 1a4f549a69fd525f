"""What the columns of a table of parties mean."""

from __future__ import annotations

from datetime import datetime

import pytest

from outtray.documents.models import Party
from outtray.documents.parties_import import import_parties
from outtray.documents.party_columns import (
    COLUMNS,
    columns_from_text,
    columns_of,
    recognised,
    remember_columns,
)
from outtray.lib.errors import Refused
from outtray.people.models import Membership

TABLE = b"Konto;Kurzname;Fax\n10001;Blue Lagoon Ltd;12\n"
MEANINGS = {"Konto": "number", "Kurzname": "name"}


@pytest.mark.parametrize(
    ("role", "header", "columns"),
    [
        ("customer", "Kundennummer;Firma;E-Mail;Straße;PLZ;Ort;Land;USt-IdNr.;Ansprechpartner",
         "number name main_email street postcode city country vat_id contact_name"),
        ("vendor", "Lieferanten-Nr.;Name 1;Sprache", "number - language"),
        ("vendor", "N° fournisseur;Raison sociale;Courriel;Code postal;Ville;Pays;Langue",
         "number name main_email postcode city country language"),
        ("customer", "Código de cliente;Razón social;Correo electrónico;Ciudad;NIF;Idioma",
         "number name main_email city vat_id language"),
        ("customer", "Customer No.;Company;Billing Email;Ship To Address;Zip",
         "number name billing_email ship_to_street postcode"),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_names_in_four_languages(
    role: str, header: str, columns: str
) -> None:
    names = header.split(";")

    known = recognised(names, role)

    assert [known.get(name, "-") for name in names] == columns.split()


def test_every_column_is_known_by_its_own_name() -> None:
    for role in ("customer", "vendor"):
        assert columns_of(COLUMNS, role) == list(COLUMNS)


def test_what_is_settled_names_the_columns_and_leaves_out_the_others(
    ben: Membership, at: datetime
) -> None:
    result = import_parties(ben.company, TABLE, by=ben.person, at=at, columns=MEANINGS)

    assert [(each.number, each.name) for each in result.kept] == [("10001", "Blue Lagoon Ltd")]


def test_what_was_settled_holds_for_the_next_table_with_this_header_and_company(
    ben: Membership, clara: Membership, at: datetime
) -> None:
    header = ("Konto", "Kurzname", "Fax")
    remember_columns(ben.company, header, MEANINGS, by=ben.person, at=at)

    import_parties(ben.company, TABLE, by=ben.person, at=at)
    with pytest.raises(Refused) as refused:
        import_parties(clara.company, TABLE, by=clara.person, at=at)

    assert refused.value.code == "unknown_column"
    assert "Settle once on the import page" in refused.value.detail
    assert Party.objects.get().company == ben.company


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "wrong_mapping"),
        ("[]", "wrong_mapping"),
        ('{"columns": {"A": "fax"}}', "wrong_mapping"),
        ('{"columns": {"A": 7}}', "wrong_mapping"),
        ('{"columns": {}, "kind": "invoice"}', "wrong_mapping"),
    ],
)
def test_a_mapping_that_can_never_be_right_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        columns_from_text(text)

    assert refused.value.code == code
