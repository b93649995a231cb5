from datetime import date
from urllib.parse import parse_qsl, urlencode

import pytest

from api.asking import Question, parameters, search_request
from api.schemas import SearchParameters
from engine.errors import QueryError


def test_filters_beside_the_box_become_those_of_the_request() -> None:
    request = search_request(
        Question(q="zones", speaker=("lavrov", "Ana Ruiz"), kind=("Direct",), after="2017-02", before="2017")
    )
    assert request.filters.speakers == ("lavrov", "Ana Ruiz")
    assert request.filters.kinds == ("direct",)
    assert (request.filters.after, request.filters.before) == (date(2017, 2, 1), date(2017, 12, 31))
    assert request.passages == "statement"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (Question(kind=("spoken",)), "kind: 'spoken' is none of direct, indirect, mixed"),
        (Question(form=("x",)), "form:"), (Question(act=("x",)), "act:"), (Question(mode="x"), "mode:"),
        (Question(within="x"), "in: 'x' is none of statements, paragraphs"), (Question(after="last week"), "after:"),
        (Question(before="2017-02-30"), "before:"), (Question(limit=0), "limit: 0"),
        (Question(limit=1001), "limit: 1001"),
        (Question(speaker=("x",) * 101), "speaker: 101 values"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_the_name_of_the_parameter(question: Question, told: str) -> None:
    with pytest.raises(QueryError, match=told):
        search_request(question)


def test_a_question_goes_through_the_url_and_back() -> None:
    question = Question(
        q="“safe zones” & more", within="paragraphs", mode="keyword", speaker=("a", "b"), via=("interfax",),
        after="2017",
        limit=5, cursor="c", lift_speaker="x", context="y",
    )  # fmt: skip
    given: dict[str, object] = {}
    for name, value in parse_qsl(urlencode(parameters(question))):
        given[name] = [*given.get(name, []), value] if name in ("speaker", "via") else value  # type: ignore[misc]
    back = SearchParameters.model_validate(given).model_dump()
    assert Question(**{n: tuple(v) if isinstance(v, list) else v for n, v in back.items()}) == question


def test_the_empty_question_has_no_parameters() -> None:
    assert parameters(Question()) == []


def test_a_changed_field_replaces_the_one_of_the_question() -> None:
    assert parameters(Question(q="x", speaker=("a",)), speaker=(), q="y") == [("q", "y")]
