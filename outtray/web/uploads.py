"""Several files in one field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

MOST_BYTES = 15 * 1024 * 1024  # grows by a third on its way; many servers refuse more than 20 MB


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """All files that were chosen, as a list."""

    widget = FilesInput

    def clean(self, data: object, initial: object = None) -> list[UploadedFile[Any]]:
        chosen = data if isinstance(data, list) else [data] if data else []
        files = [super(FilesField, self).clean(each, initial) for each in chosen]
        size = sum(file.size or 0 for file in files)
        if size > MOST_BYTES:
            most = MOST_BYTES // 1024 // 1024
            raise ValidationError(
                f"These files have {size / 1024 / 1024:.0f} MB together; {most} MB can go along."
            )
        return files
