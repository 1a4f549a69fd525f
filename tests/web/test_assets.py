"""The pages' assets are what `vendor.json` says, and nothing else."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from tools.assets import ICON_NAMES, ICONS, RECORD, VENDOR, WEB, digest_of, recorded_files


def test_every_vendored_file_is_the_one_that_was_recorded() -> None:
    changed = [path.name for path, digest in recorded_files() if digest_of(path) != digest]

    assert changed == []


def test_no_file_is_vendored_without_a_record() -> None:
    recorded = {path for path, _ in recorded_files()} | {RECORD}

    found = {path for folder in (VENDOR, ICONS) for path in folder.rglob("*") if path.is_file()}

    assert found == recorded


def test_every_icon_of_a_page_is_there() -> None:
    templates = "".join(path.read_text() for path in (WEB / "templates").rglob("*.html"))

    used = set(re.findall(r'{% icon "([^"]+)"', templates))

    assert used <= set(ICON_NAMES)


@pytest.mark.django_db
def test_assets_may_be_kept_for_good_because_their_address_changes_with_them(
    client: Client,
) -> None:
    answer = client.get(f"{settings.STATIC_URL}outtray/styles/app.css")
    answer.close()

    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_no_template_carries_a_style_attribute_or_an_inline_script() -> None:
    wrong = [
        path.name
        for path in (WEB / "templates").rglob("*.html")
        if re.search(r"\sstyle=|<script>|\son[a-z]+=|<style", path.read_text())
    ]

    assert wrong == []
