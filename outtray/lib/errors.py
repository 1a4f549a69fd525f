"""Refusals: the caller asked for something that we do not allow."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - the word of the house
    """This cannot be done as asked. Faces show `detail`, programs read `code`.

    `code` is stable and listed in docs/reference/errors.md. `field` names the input that
    it concerns, if there is one. `facts` holds what a page may want to show beside it.
    """

    def __init__(self, code: str, detail: str, *, field: str = "", **facts: object) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.field = field
        self.facts = facts

    def __reduce__(self) -> tuple[object, ...]:
        """So that a process can hand a refusal to another one."""
        return _again, (self.code, self.detail, self.field, self.facts)


def _again(code: str, detail: str, field: str, facts: dict[str, object]) -> Refused:
    return Refused(code, detail, field=field, **facts)
