"""How a failure is recognised: the first Sign that fits names the cause.

Here is only how to read one; the tables of signs lie beside this file, and `table.py` puts
them in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.lexicon import phrases
from outtray.diagnosis.signs.phrases import Phrases
from outtray.diagnosis.symptom import Symptom
from outtray.transports.base import Stage, Trouble


@dataclass(frozen=True, slots=True)
class Sign:
    """What must hold for a cause. What is left empty is not asked.

    `words` and `unless` are in the language of `phrases.py`. `enhanced` holds enhanced codes, or
    a beginning of one that ends with a dot, "x." standing for either class; `codes` whole
    reply codes or, with one digit, a class of them (0: none told). Where the stage is not known,
    words and codes speak for themselves; a sign that has nothing but stages does not fit then.
    """

    cause: Cause
    words: str = ""
    unless: str = ""
    enhanced: tuple[str, ...] = ()
    codes: tuple[int, ...] = ()
    stages: tuple[Stage, ...] = ()
    protocols: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    when: Callable[[Symptom], bool] | None = None
    _words: Phrases | None = field(init=False, repr=False, compare=False, default=None)
    _unless: Phrases | None = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_words", phrases(self.words) if self.words else None)
        object.__setattr__(self, "_unless", phrases(self.unless) if self.unless else None)

    @property
    def keys(self) -> frozenset[str]:
        """Without any of these words it does not fit; empty where it asks for none."""
        return self._words.keys if self._words is not None else frozenset()

    def fits(self, symptom: Symptom) -> bool:
        """Whether all that this sign asks for holds."""
        return (
            (not self.troubles or symptom.trouble in self.troubles)
            and (not self.protocols or symptom.protocol in self.protocols)
            and (not self.stages or self._is_at(symptom.stage))
            and (not self.codes or any(_is_code(symptom, code) for code in self.codes))
            and (not self.enhanced or any(_is_enhanced(symptom, code) for code in self.enhanced))
            and (self.when is None or self.when(symptom))
            and (self._words is None or self._words.stand_in(symptom.spoken))
            and (self._unless is None or not self._unless.stand_in(symptom.spoken))
        )

    def _is_at(self, stage: Stage | None) -> bool:
        if stage is None:
            return bool(self.words or self.codes or self.enhanced)
        return stage in self.stages


class Signs:
    """Signs in their order. Those whose words a text does not hold are not even asked."""

    def __init__(self, *signs: Sign) -> None:
        self._signs = signs
        self._wordless = frozenset(at for at, sign in enumerate(signs) if not sign.keys)
        self._by_key: dict[str, set[int]] = {}
        for at, sign in enumerate(signs):
            for key in sign.keys:
                self._by_key.setdefault(key, set()).add(at)
        self._keys = frozenset(self._by_key)

    def __iter__(self) -> Iterator[Sign]:
        return iter(self._signs)

    def cause_of(self, symptom: Symptom) -> Cause | None:
        """The cause of the first sign that fits."""
        at_hand = (self._by_key[key] for key in self._keys & symptom.spoken.words)
        for at in sorted(self._wordless.union(*at_hand)):
            if self._signs[at].fits(symptom):
                return self._signs[at].cause
        return None


def _is_code(symptom: Symptom, wanted: int) -> bool:
    return symptom.reply_class == wanted if wanted < 10 else symptom.code == wanted


def _is_enhanced(symptom: Symptom, wanted: str) -> bool:
    told = symptom.enhanced
    if wanted.startswith("x."):
        told, wanted = told[1:], wanted[1:]
    return told.startswith(wanted) if wanted.endswith(".") else told == wanted
