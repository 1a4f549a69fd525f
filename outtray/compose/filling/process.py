"""Texts that people wrote are filled in a process of their own, which may fail alone.

It is started when first needed and kept warm; one request is answered at a time. Its memory
and its processor time are limited by the system (`worker.py`); beyond `PATIENCE` it is
killed, and the next request starts another.
"""

from __future__ import annotations

import atexit
from collections.abc import Mapping, Sequence
from typing import Any

from outtray.compose.filling.fill import Parts
from outtray.lib.errors import Refused
from outtray.lib.helper_process import HelperGoneError, HelperProcess

PATIENCE = 10.0  # seconds without a sign; a letter takes milliseconds


class LiquidProcess:
    """One such process."""

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self._helper = HelperProcess("outtray.compose.filling.worker", patience=patience)

    def fill(
        self, texts: Mapping[str, str], values: Mapping[str, object], pictures: Sequence[str]
    ) -> Parts:
        """What `fill_parts` gives, or the refusal that it raises; also where it was killed."""
        done = self._ask({"texts": texts, "values": values, "pictures": list(pictures)})
        return Parts(**done)

    def compile(self, mjml: str) -> str:
        """What `compiled` gives, or the refusal that it raises; also where it was killed."""
        return str(self._ask({"mjml": mjml}))

    @property
    def pid(self) -> int | None:
        """Of the running process, for those who want to look at it."""
        return self._helper.pid

    def close(self) -> None:
        """End the process, if there is one."""
        self._helper.close()

    def _ask(self, request: Mapping[str, object]) -> Any:
        try:
            answer = self._helper.ask(request)
        except HelperGoneError as gone:
            detail = "The template takes too long or needs too much memory to be filled."
            raise Refused("template_wrong", detail) from gone
        if "done" in answer:
            return answer["done"]
        facts = answer.get("facts", {})
        raise Refused(answer["code"], answer["detail"], field=answer.get("field", ""), **facts)


LIQUID = LiquidProcess()
atexit.register(LIQUID.close)
