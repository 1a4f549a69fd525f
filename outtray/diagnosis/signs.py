"""How a failure is recognised: the first Sign that fits names the cause.

The signs of a transport are a table in their own module; here is only how to read one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.circumstances import Circumstances
from outtray.transports.base import Failure, Stage, Trouble


@dataclass(frozen=True, slots=True)
class Sign:
    """What must hold for a cause. What is left empty is not asked.

    `words` is sought anywhere in the text in any case; `enhanced` is the enhanced code or
    a beginning of it that ends with a dot; `code` likewise is a whole reply code or, with
    one digit, its class.
    """

    cause: Cause
    words: str = ""
    enhanced: tuple[str, ...] = ()
    codes: tuple[int, ...] = ()
    stages: tuple[Stage, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    providers: tuple[str, ...] = ()
    when: Callable[[Circumstances], bool] | None = None

    def fits(self, failure: Failure, around: Circumstances) -> bool:
        """Whether all that this sign asks for holds."""
        return (
            _is_one_of(failure.stage, self.stages)
            and _is_one_of(failure.trouble, self.troubles)
            and (not self.codes or any(_is_code(failure.code, code) for code in self.codes))
            and (not self.enhanced or any(_is_enhanced(failure, code) for code in self.enhanced))
            and (not self.providers or _provider(around) in self.providers)
            and (self.when is None or self.when(around))
            and (not self.words or bool(_pattern(self.words).search(failure.text)))
        )


def first_fit(signs: Iterable[Sign], failure: Failure, around: Circumstances) -> Cause | None:
    """The cause of the first sign that fits."""
    return next((sign.cause for sign in signs if sign.fits(failure, around)), None)


def _is_one_of(value: object, wanted: tuple[object, ...]) -> bool:
    return not wanted or value in wanted


def _is_code(code: int, wanted: int) -> bool:
    return code // 100 == wanted if wanted < 10 else code == wanted


def _is_enhanced(failure: Failure, wanted: str) -> bool:
    told = failure.enhanced_code
    return told.startswith(wanted) if wanted.endswith(".") else told == wanted


def _provider(around: Circumstances) -> str:
    return around.provider.id if around.provider else ""


@lru_cache(maxsize=500)
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE | re.DOTALL)
