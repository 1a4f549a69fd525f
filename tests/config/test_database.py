"""One URL names a PostgreSQL; without it everything is in the data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from outtray.config.database import configuration
from outtray.config.env import SettingError

DATA = Path("/var/lib/outtray")


def test_without_a_url_the_database_is_a_file_in_the_data_folder() -> None:
    database = configuration("", DATA)["default"]

    assert database["NAME"] == DATA / "outtray.sqlite3"


def test_a_url_names_host_database_and_login() -> None:
    url = "postgresql://outtray:p%40ss%2Fw%3Ard@db.nordwind.example:6432/mail"

    database = configuration(url, DATA)["default"]

    assert database["HOST"] == "db.nordwind.example"
    assert database["PORT"] == "6432"
    assert database["NAME"] == "mail"
    assert database["USER"] == "outtray"
    assert database["PASSWORD"] == "p@ss/w:rd"


def test_options_of_the_url_come_before_ours() -> None:
    url = "postgresql://outtray@db/mail?sslmode=verify-full&connect_timeout=3"

    options = configuration(url, DATA)["default"]["OPTIONS"]

    assert options["sslmode"] == "verify-full"
    assert options["connect_timeout"] == "3"
    assert options["application_name"] == "outtray"


def test_a_socket_is_named_by_its_folder() -> None:
    database = configuration("postgresql:///mail?host=/run/postgresql", DATA)["default"]

    assert database["HOST"] == "/run/postgresql"
    assert database["NAME"] == "mail"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://outtray:hush@db/mail",
        "postgresql://outtray:hush@db",
        "postgresql://outtray:hush@db/",
        "postgresql://outtray:hush@db:port/mail",
        "postgresql://outtray:hu[sh@db/mail",
        "postgresql://outtray:hush@db/mail?password=hush",
    ],
)
def test_a_url_that_makes_no_sense_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingError) as refused:
        configuration(url, DATA)

    assert str(refused.value).startswith("outtray: OUTTRAY_DATABASE_URL ")
    assert "hush" not in str(refused.value)
