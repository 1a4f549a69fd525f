"""The languages in which documents and letters are written, and their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "de", "fr", "es"]
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
}
