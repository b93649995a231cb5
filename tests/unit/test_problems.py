import json
from collections.abc import Iterator

import pytest

from api.problems import MEDIA_TYPE, STATUS, of_error, problem
from engine.errors import NotFoundError, OnRecordError, StoreError, StoreUnavailableError


def tree(error: type[OnRecordError]) -> Iterator[type[OnRecordError]]:
    yield error
    for below in error.__subclasses__():
        yield from tree(below)


@pytest.mark.parametrize("error", list(tree(OnRecordError)))
def test_every_error_of_the_tree_has_a_status_of_its_own_line(error: type[OnRecordError]) -> None:
    status, title = STATUS[error]
    assert 400 <= status < 600
    assert title


def test_the_table_names_no_error_that_is_not_in_the_tree() -> None:
    assert set(STATUS) == set(tree(OnRecordError))


def test_a_problem_is_of_the_media_type_of_rfc_9457() -> None:
    answer = problem(404, "Not found", "no article has the id 'x'")
    assert answer.media_type == MEDIA_TYPE == "application/problem+json"
    assert json.loads(bytes(answer.body)) == {
        "type": "about:blank", "title": "Not found", "status": 404, "detail": "no article has the id 'x'",
    }  # fmt: skip


def test_what_is_away_for_a_while_says_when_to_try_again() -> None:
    assert "retry-after" in problem(503, "Away").headers
    assert "retry-after" not in problem(404, "Not found").headers


def test_a_client_is_told_what_it_can_mend_and_not_what_only_the_operator_can() -> None:
    assert of_error(NotFoundError("no article has the id 'x'"))[2] == "no article has the id 'x'"
    assert of_error(StoreUnavailableError("no answer"))[2] == "no answer"
    assert of_error(StoreError("/srv/secret/archive.sqlite is broken"))[2] is None
