"""Whose turn it is: companies take turns, and within a company its keys do.

The part of a key before "/" is its group. An urgent key overtakes all that are not, in at
most three turns of four, so that neither kind and no group can starve another.
"""

from __future__ import annotations

from collections import OrderedDict, deque

URGENT_IN_A_ROW = 3

Key = tuple[str, str]


class Turns:
    """Keys that wait, each once. Not safe for threads by itself."""

    def __init__(self) -> None:
        self._urgent = _Rotation()
        self._others = _Rotation()
        self._in_a_row = 0

    def __len__(self) -> int:
        return len(self._urgent) + len(self._others)

    def add(self, key: Key, *, urgent: bool = False) -> bool:
        """Let it wait. False if it does already; one that becomes urgent moves up."""
        if key in self._urgent or (not urgent and key in self._others):
            return False
        if not urgent:
            self._others.add(key)
            return True
        was_waiting = self._others.remove(key)
        self._urgent.add(key)
        return not was_waiting

    def take(self) -> Key | None:
        """The next in turn."""
        use_urgent = self._urgent and (self._in_a_row < URGENT_IN_A_ROW or not self._others)
        self._in_a_row = self._in_a_row + 1 if use_urgent else 0
        return (self._urgent if use_urgent else self._others).take()


class _Rotation:
    """Groups in a circle; each turn takes one key of the first group and moves it last."""

    def __init__(self) -> None:
        self._groups: OrderedDict[str, deque[Key]] = OrderedDict()
        self._keys: set[Key] = set()

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: Key) -> bool:
        return key in self._keys

    def add(self, key: Key) -> None:
        self._keys.add(key)
        self._groups.setdefault(_group(key), deque()).append(key)

    def remove(self, key: Key) -> bool:
        if key not in self._keys:
            return False
        self._keys.discard(key)
        group = self._groups[_group(key)]
        group.remove(key)
        if not group:
            del self._groups[_group(key)]
        return True

    def take(self) -> Key | None:
        if not self._groups:
            return None
        name, keys = self._groups.popitem(last=False)
        key = keys.popleft()
        self._keys.discard(key)
        if keys:
            self._groups[name] = keys
        return key


def _group(key: Key) -> str:
    work, subject = key
    company, slash, _ = subject.partition("/")
    return company if slash else work
