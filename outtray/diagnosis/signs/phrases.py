"""The little language in which the tables say what words to look for.

    mailbox .. full | over quota | {sender} .. {not_allowed} | spf$ & fail

`|` parts alternatives. `..` stands for up to 60 characters between two terms in that order;
`&` joins terms that may stand anywhere. A term begins where a word begins and may go on
beyond its end ("block" finds "blocked"); `$` lets it end where a word ends, and `*` in front
lets it begin within a word ("*postfach"). `{name}` is any word of that idea in `lexicon.py`,
and may stand beside plain words in one term ("{login} attempts").

What is looked for, and what it is looked for in, is folded alike: small letters without
accents, hyphens and underscores as blanks, any number of blanks as one. Of thousands of terms
only those are looked for whose words the text holds at all; those are found by one walk over
its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache

GAP = r".{0,60}?"

_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-"}
)
_BLANKS = re.compile(r"\s+")
_JOINTS = str.maketrans("_-", "  ")  # "self-signed" and "self_signed" are "self signed"
_NAMED = re.compile(r"\bError(?=[A-Z][a-z])")  # as in ErrorSendAsDenied
# The codes before each line of a long reply, the step that a relay adds, and addresses: what
# somebody chose as an address is no word of the server.
_CODES = re.compile(r"(?<![\w.])[245][0-5]\d[- ](?:#?[245]\.\d\.\d{1,3}\b)?")
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:={}]+@[^\s<>()\[\]\"',;={}]+")
_STEP = re.compile(r"\(in reply to [^)]*\)")
_WORD_STARTS = re.compile(r"(?<![a-z0-9])[a-z0-9]")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_IDEA = re.compile(r"({\w+})")
_START = 6  # so many characters part thousands of words into heaps of one or two
_LENGTHS = range(1, _START + 1)
LONGEST = 3000  # characters of a text; what is beyond is a stack of calls or a page


def folded(text: str) -> str:
    """The text as phrases are compared with it."""
    text = _NAMED.sub("Error ", text).lower().translate(_QUOTES)
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in parts if not unicodedata.combining(sign))
        text = text.replace("ß", "ss")
    return _BLANKS.sub(" ", text)


def _joined(text: str) -> str:
    return _BLANKS.sub(" ", text.translate(_JOINTS))


class Vocabulary:
    """All plain words that any phrase asks for, and the ideas that some of them tell."""

    def __init__(self) -> None:
        self._by_start: dict[str, dict[str, None]] = {}
        self._within: dict[str, None] = {}
        self._foreign: dict[str, None] = {}
        self._ideas: dict[str, list[str]] = {}

    def learn(self, term: str) -> str:
        """Take in a term; answers the word by which `found_in` will name it."""
        core = _core(term)
        if _begins_anywhere(term):
            (self._within if core.isascii() else self._foreign)[core] = None
        else:
            self._by_start.setdefault(core[:_START], {})[core] = None
        return core

    def learn_idea(self, name: str, terms: tuple[str, ...]) -> str:
        """Take in all terms of an idea; answers the name by which it will be found."""
        idea = f"{{{name}}}"
        for term in terms:
            self._ideas.setdefault(self.learn(term), []).append(idea)
        return idea

    def found_in(self, text: str) -> frozenset[str]:
        """The words and ideas that a folded text holds."""
        by_start = self._by_start
        found = {word for word in self._within if word in text}
        if not text.isascii():
            found |= {word for word in self._foreign if word in text}
        for start in _WORD_STARTS.finditer(text):
            at = start.start()
            for length in _LENGTHS:
                for word in by_start.get(text[at : at + length], ()):
                    if text.startswith(word, at):
                        found.add(word)
        ideas = {idea for word in found for idea in self._ideas.get(word, ())}
        return frozenset(found | ideas)


class Spoken:
    """What was said: `whole` as it was but folded, `text` without codes and addresses."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.whole = folded(text[:LONGEST])
        said = _STEP.sub("", _CODES.sub(" ", self.whole))
        self.text = _joined(_ADDRESS.sub("@", said)).strip()
        self.words = vocabulary.found_in(self.text)


class Lexicon:
    """The ideas, and the vocabulary that grows with every phrase."""

    def __init__(self, ideas: Mapping[str, str]) -> None:
        self.vocabulary = Vocabulary()
        self._terms = {name: tuple(_split(words, "|")) for name, words in ideas.items()}
        for name, terms in self._terms.items():
            self.vocabulary.learn_idea(name, terms)

    def phrases(self, text: str) -> Phrases:
        """Phrases that may name these ideas."""
        return Phrases(" ".join(text.split()), self)

    def spoken(self, text: str) -> Spoken:
        """What was said, ready to be searched."""
        return Spoken(text, self.vocabulary)

    def need(self, piece: str) -> str:
        """The word or idea without which this piece of a term cannot be found."""
        if piece.startswith("{"):
            assert piece[1:-1] in self._terms, piece
            return piece
        return self.vocabulary.learn(piece)

    @lru_cache(maxsize=200)  # noqa: B019 - there is one lexicon
    def pattern(self, piece: str) -> str:
        """A piece of a term as a pattern."""
        if piece.startswith("{"):
            return f"(?:{'|'.join(_pattern(term) for term in self._terms[piece[1:-1]])})"
        return _pattern(piece)


class Phrases:
    """Alternatives to look for. Patterns are made only when their words are there.

    Without any of the `keys` none of them can be found.
    """

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = text
        self._by_key: dict[str, list[_Alternative]] = {}
        for one in _split(text, "|"):
            alternative = _Alternative(one, lexicon)
            self._by_key.setdefault(alternative.key, []).append(alternative)
        self.keys = frozenset(self._by_key)

    def stand_in(self, spoken: Spoken) -> bool:
        """Whether one of the alternatives is found."""
        if self.keys.isdisjoint(spoken.words):
            return False
        return any(one.stands_in(spoken) for one in self._at_hand(spoken))

    def _at_hand(self, spoken: Spoken) -> Iterator[_Alternative]:
        for key in self.keys & spoken.words:
            yield from self._by_key[key]


class _Alternative:
    """Words that must be there, of which `key` is the rarest, and what must then be found."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._parts = tuple(
            tuple(tuple(_pieces(term)) for term in _split(part, "..")) for part in _split(text, "&")
        )
        pieces = (piece for part in self._parts for term in part for piece in term)
        needs = [lexicon.need(piece) for piece in pieces]
        self.key = min(needs, key=lambda need: (need.startswith("{"), -len(need)))
        self._needs = frozenset(needs)

    def stands_in(self, spoken: Spoken) -> bool:
        return self._needs <= spoken.words and all(search(spoken.text) for search in self._searches)

    @cached_property
    def _searches(self) -> tuple[Callable[[str], object], ...]:
        pattern = self._lexicon.pattern
        return tuple(
            re.compile(GAP.join(" ?".join(map(pattern, term)) for term in part)).search
            for part in self._parts
        )


def _split(text: str, by: str) -> list[str]:
    return [part for part in (part.strip() for part in text.split(by)) if part]


def _pieces(term: str) -> list[str]:
    """A term as its plain words and the ideas between them."""
    return [part for part in (part.strip() for part in _IDEA.split(term)) if part]


def _core(term: str) -> str:
    return _joined(folded(term.removeprefix("*").removesuffix("$"))).strip()


def _begins_anywhere(term: str) -> bool:
    """Signs and scripts without blanks have no beginnings of words, nor has "n't"."""
    return term.startswith(("*", "n't")) or _core(term)[0] not in _LETTERS


def _pattern(term: str) -> str:
    starts = "" if _begins_anywhere(term) else r"(?<![a-z0-9])"
    ends = r"(?![a-z0-9])" if term.endswith("$") else ""
    return f"{starts}{re.escape(_core(term))}{ends}"
