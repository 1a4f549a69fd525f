"""What is no file of documents is refused as a whole, with a code and a reason."""

from __future__ import annotations

import gzip
import io
import zipfile
from decimal import Decimal

import pytest

from outtray.documents.parsing import MOST_DOCUMENTS, parse
from outtray.lib.errors import Refused

MEGABYTE = 1024 * 1024


def refusal(payload: bytes, most_bytes: int = 25 * MEGABYTE) -> Refused:
    with pytest.raises(Refused) as caught:
        parse(payload, most_bytes=most_bytes)
    return caught.value


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("documents.json", "{}")
    return out.getvalue()


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"[]", "empty"),
        (b'{"documents": []}', "empty"),
        (b"Dear all, please find attached", "not_json"),
        (b'{"kind": "invoice"', "not_json"),
        (b'{"kind": NaN}', "not_json"),
        (b'{"kind": -Infinity}', "not_json"),
        (b'{"total": ' + b"9" * 5000 + b"}", "not_json"),
        (b"<Invoice/>", "not_json"),
        (b"%PDF-1.7", "not_json"),
        (zipped(), "not_json"),
        (gzip.compress(b"{}"), "not_json"),
        ('{"kind": "invoice"}'.encode("utf-16"), "not_utf8"),
        ('{"kind": "invoice"}'.encode("utf-16-le"), "not_utf8"),
        ('{"kind": "invoice"}'.encode("utf-32"), "not_utf8"),
        ('{"name": "Müller"}'.encode("latin-1"), "not_utf8"),
        (b'"a text"', "not_a_document"),
        (b"42", "not_a_document"),
        (b'{"documents": "none"}', "not_a_document"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "too_deep"),
        (b'{"number": "1", "number": "2"}', "duplicate_key"),
        (b'{"\\ud800": 1, "\\ud800": 2}', "duplicate_key"),
        (b"[" + b"{}," * MOST_DOCUMENTS + b"{}]", "too_many_documents"),
    ],
)
def test_what_is_no_file_of_documents_is_refused(payload: bytes, code: str) -> None:
    refused = refusal(payload)

    assert refused.code == code
    assert refused.detail.encode()


def test_a_file_of_200_megabytes_is_refused_unread() -> None:
    refused = refusal(b" " * (200 * MEGABYTE))

    assert refused.code == "too_large"
    assert "200.0 MB" in refused.detail
    assert "25 MB" in refused.detail


def test_the_place_of_a_mistake_in_json_is_named() -> None:
    refused = refusal(b'{\n  "kind": invoice\n}')

    assert "line 2, column 11" in refused.detail


def test_a_byte_order_mark_of_utf8_does_no_harm() -> None:
    documents = parse(b'\xef\xbb\xbf{"kind": "invoice"}', most_bytes=MEGABYTE)

    assert documents == [{"kind": "invoice"}]


def test_numbers_stay_exact() -> None:
    documents = parse(b'{"total": 0.1, "count": 3}', most_bytes=MEGABYTE)

    assert documents == [{"total": Decimal("0.1"), "count": 3}]
