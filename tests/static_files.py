"""The pages' static files, as WhiteNoise serves them, looked for once in a test run."""

from __future__ import annotations

from typing import Any, ClassVar

from whitenoise.middleware import WhiteNoiseMiddleware


class FoundOnce(WhiteNoiseMiddleware):
    """Each test client loads the middleware anew, and would read every file's headers again."""

    _found: ClassVar[dict[str, Any]] = {}

    def add_files_from_finders(self) -> None:
        if not self._found:
            super().add_files_from_finders()  # type: ignore[no-untyped-call]
            self._found.update(self.files)
        self.files.update(self._found)
