"""A serving process notices what another one has written, and not what it wrote itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from outtray.engine.sqlite.news import News


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE email (id INTEGER)")
    made.close()
    return path


@pytest.fixture
def handler(file: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[ConnectionHandler]:
    database = {"ENGINE": "outtray.engine.sqlite", "NAME": str(file)}
    handler = ConnectionHandler({"default": database, "other": database})
    with django_db_blocker.unblock():
        yield handler
        handler.close_all()


def test_what_another_process_has_written_is_news_once(
    file: Path, handler: ConnectionHandler
) -> None:
    ours, news = handler["default"], News()
    first = news.look(ours)

    _written_elsewhere(file)

    assert (first, news.look(ours), news.look(ours)) == (False, True, False)


def test_what_this_process_has_written_is_no_news(handler: ConnectionHandler) -> None:
    ours, news = handler["default"], News()
    news.look(ours)

    _written(handler["other"])

    assert not news.look(ours)


def test_news_is_seen_again_when_this_process_has_stopped_writing(
    file: Path, handler: ConnectionHandler
) -> None:
    ours, news = handler["default"], News()
    news.look(ours)
    _written(handler["other"])
    news.look(ours)

    _written_elsewhere(file)

    assert news.look(ours)


def _written(connection: BaseDatabaseWrapper) -> None:
    """As our own threads do."""
    connection.set_autocommit(False)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO email VALUES (1)")
    connection.commit()


def _written_elsewhere(file: Path) -> None:
    """Without our backend, as another process does: its commits count nowhere here."""
    with sqlite3.connect(file) as other:
        other.execute("INSERT INTO email VALUES (1)")
    other.close()
