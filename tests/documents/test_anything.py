"""Whatever stands in a field, the answer is a paper or problems, never a crash."""

from __future__ import annotations

import copy
import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from outtray.documents.checking import check
from outtray.documents.kinds.registry import KINDS
from outtray.documents.pdf.look import Look
from outtray.documents.pdf.page import page_of
from tests.documents.builders import company, raw

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30)
    | st.sampled_from(["0", "-0", "1e5", "DE", "EUR", "\ud800", "\u202e", Decimal("1E+999999")]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=8,
)

Step = str | int


def places(value: object, path: tuple[Step, ...] = ()) -> list[tuple[Step, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for name, part in value.items():
            found += places(part, (*path, name))
    if isinstance(value, list):
        for index, part in enumerate(value):
            found += places(part, (*path, index))
    return found


def replaced(document: object, path: tuple[Step, ...], value: object) -> object:
    changed = copy.deepcopy(document)
    part = changed
    for step in path[:-1]:
        part = part[step]  # type: ignore[index] # the path was found in it
    part[path[-1]] = value  # type: ignore[index] # the path was found in it
    return changed


@settings(max_examples=200)
@given(st.data(), st.sampled_from(list(KINDS)), anything)
def test_any_value_in_any_place_is_taken_or_explained(
    data: st.DataObject, kind: str, value: object
) -> None:
    document = raw(kind)
    path = data.draw(st.sampled_from(places(document)))

    paper, problems = check(replaced(document, path, value), company())

    assert (paper is None) == bool(problems)
    for problem in problems:
        assert problem.code
        assert problem.message.encode()
        assert len(problem.message) < 500
    if paper:
        json.dumps(page_of(KINDS[paper.kind], paper, Look())).encode()
        again, _ = check(paper.model_dump(mode="json"), company())
        assert again == paper
