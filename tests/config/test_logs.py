"""What stands in the log, and what never does."""

from __future__ import annotations

import io
import json
import logging
import sys
from uuid import UUID

import pytest

from outtray.config.logs import FIELDS, JsonLines, Lines, configuration
from outtray.lib.sealing import Secret
from tools.docs.log import events

EMAIL = UUID("01932f5e-0000-7000-8000-000000000001")


@pytest.fixture(params=[JsonLines, Lines])
def written(request: pytest.FixtureRequest) -> tuple[logging.Logger, io.StringIO]:
    """A logger, and what it has written in each form."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param())
    logger = logging.Logger("outtray.delivery")  # noqa: LOG001 - one of the test's own
    logger.addHandler(handler)
    return logger, stream


def test_a_line_of_json_tells_what_it_is_about() -> None:
    record = logging.makeLogRecord(
        {"name": "outtray.delivery", "levelname": "INFO", "msg": "attempt ended",
         "created": 1_795_424_400.25, "email": EMAIL, "state": "sent", "seconds": 0.25}
    )  # fmt: skip

    assert json.loads(JsonLines().format(record)) == {
        "time": "2026-11-23T09:00:00.250Z",
        "level": "info",
        "logger": "outtray.delivery",
        "message": "attempt ended",
        "email": str(EMAIL),
        "state": "sent",
        "seconds": 0.25,
    }
    assert Lines().format(record) == (
        "2026-11-23T09:00:00.250Z info outtray.delivery attempt ended "
        f"email={EMAIL} state=sent seconds=0.25"
    )


def test_no_line_names_whom_a_company_writes_to(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = written

    logger.warning(
        "mailbox paused",
        extra={"failure": "550 5.1.1 <einkauf@kunde.example> unknown"},
    )
    try:
        int("einkauf@kunde.example")
    except ValueError:
        logger.exception("work failed")

    assert "einkauf" not in stream.getvalue()
    assert "…@kunde.example" in stream.getvalue()


def test_no_line_shows_a_secret(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written

    logger.error("failed: %s", "/start/0CKP3wYYxh2q/", extra={"problem": Secret("correct horse")})

    assert "0CKP3wYYxh2q" not in stream.getvalue()
    assert "correct horse" not in stream.getvalue()


def test_what_is_not_a_field_is_not_written(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written

    logger.info("attempt ended", extra={"subject": "Invoice RE-1", "email": EMAIL})

    assert "Invoice" not in stream.getvalue()
    assert str(EMAIL) in stream.getvalue()


def test_an_event_is_one_line_whatever_a_server_said(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = written

    logger.warning("said %s", "a\r\nb\x1b[2J", extra={"failure": 'x\n{"level": "info"}'})

    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()


def test_a_line_that_cannot_be_written_disturbs_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    class Unprintable:
        def __str__(self) -> str:
            raise RuntimeError("no words")

    closed = io.StringIO()
    closed.close()
    for stream in (io.StringIO(), closed):
        handler = logging.StreamHandler(stream)
        handler.setFormatter(JsonLines())
        logger = logging.Logger("outtray")  # noqa: LOG001 - one of the test's own
        logger.addHandler(handler)

        logger.info("attempt ended", extra={"email": Unprintable()})


def test_every_line_of_the_product_uses_the_fields() -> None:
    reserved = set(vars(logging.makeLogRecord({})))

    used = {field for event in events() for field in event.fields}

    assert used <= set(FIELDS)
    assert not set(FIELDS) & reserved


def test_both_forms_can_be_configured() -> None:
    for form in ("text", "json"):
        handler = configuration("INFO", form)["handlers"]["stderr"]

        assert handler["formatter"] == form
        assert "stream" not in handler, "what is asked for goes to standard output"
    assert sys.stderr
