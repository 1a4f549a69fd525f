"""What is known of one provider alone: how it is recognised, what it says, what helps there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.lexicon import phrases
from outtray.diagnosis.signs.phrases import Phrases
from outtray.diagnosis.signs.sign import Sign, Signs
from outtray.diagnosis.symptom import Symptom

Steps = Mapping[Cause, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Provider:
    """One module of `providers` has one of these, or a few that belong together.

    `called` are beginnings of names that people give it, in small letters; `hosts` the domains
    of its servers; `words` what only it says. `steps` take the place of the general steps of
    a cause: for each language of the words, what to do there. `preset` is the entry of the
    presets that stands for it where no server is known.
    """

    name: str
    called: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    words: str = ""
    signs: tuple[Sign, ...] = ()
    steps: Steps = field(default_factory=dict)
    preset: str = ""
    table: Signs = field(init=False, repr=False, compare=False)
    _words: Phrases | None = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", Signs(*self.signs))
        object.__setattr__(self, "_words", phrases(self.words) if self.words else None)

    @property
    def keys(self) -> frozenset[str]:
        """Without any of these words it cannot be quoted."""
        return self._words.keys if self._words is not None else frozenset()

    def is_quoted_in(self, symptom: Symptom) -> bool:
        """Whether it is said what only this provider says."""
        return self._words is not None and self._words.stand_in(symptom.spoken)

    def is_called(self, name: str) -> bool:
        """Whether people call it so."""
        return bool(name) and name.lower().startswith(self.called)

    def runs(self, host: str) -> bool:
        """Whether this is one of its servers."""
        return any(host == known or host.endswith(f".{known}") for known in self.hosts)
