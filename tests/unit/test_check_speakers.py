"""Whether draft and archive mean the same speaker."""

from __future__ import annotations

import pytest

from engine.check_speakers import Named, named_in, said_by
from engine.models import Span, Speaker, Statement
from tests.builders import span_of


def speaker(name: str) -> Speaker:
    return Speaker(name.lower().replace(" ", "-"), name)


def stored(text: str, content: str, source: str, name: str, form: str = "named") -> Statement:
    spans: tuple[Span, ...] = (span_of(text, source),) if source else ()
    return Statement("s", "direct", (span_of(text, content),), source=spans, form=form, speakers=(speaker(name),))  # type: ignore[arg-type]


SIBLINGS = "Ana Ruiz and Pedro Ruiz came.\n“The ferry stays,” Mrs. Ruiz said."
PRONOUN = "Tomas Lindqvist spoke on Monday.\nAna Ruiz listened. “The ferry stays,” she said."
FAR = "Petra Sandoval left.\nOne.\nTwo.\nThree.\nFour.\nAna Ruiz listened. “The ferry stays,” she said."


@pytest.mark.parametrize(
    ("text", "source", "form", "stored_name", "draft", "expected"),
    [
        (SIBLINGS, "Mrs. Ruiz", "named", "Pedro Ruiz", "Ana Ruiz", "unknown"),
        (SIBLINGS, "Mrs. Ruiz", "named", "Pedro Ruiz", "Tomas Lindqvist", "other"),
        (PRONOUN, "she", "pronoun", "Ana Ruiz", "Tomas Lindqvist", "other"),
        (PRONOUN, "she", "pronoun", "Tomas Lindqvist", "Ana Ruiz", "unknown"),
        (FAR, "she", "pronoun", "Ana Ruiz", "Petra Sandoval", "other"),
    ],
)
def test_what_the_words_of_the_source_leave_open_accuses_nobody(
    text: str, source: str, form: str, stored_name: str, draft: str, expected: str
) -> None:
    statement = stored(text, "“The ferry stays,”", source, stored_name, form)
    assert said_by(Named(speaker(draft)), statement, text) == expected


def test_a_name_in_another_spelling_is_no_other_speaker() -> None:
    text = "“We have bread and tea,” Abdul Ghafar said."
    statement = stored(text, "“We have bread and tea,”", "Abdul Ghafar", "Abdul Ghafar")
    assert said_by(Named(speaker("Abdol Ghaffar Noorzai")), statement, text) == "unknown"
    assert said_by(Named(speaker("Abdol Rahman")), statement, text) == "other"


def test_a_surname_in_the_draft_fits_everybody_who_bears_it() -> None:
    text = "“The ferry stays,” Matthias Cole said."
    statement = stored(text, "“The ferry stays,”", "Matthias Cole", "Matthias Cole")
    assert said_by(Named(speaker("Nnenna Cole-Ruiz"), worded="Prof. Cole"), statement, text) == "unknown"
    assert said_by(Named(speaker("Nnenna Cole-Ruiz"), worded="Nnenna Cole-Ruiz"), statement, text) == "other"


def test_where_the_draft_says_he_the_names_around_it_count() -> None:
    text = "“The ferry stays,” Ana Ruiz said."
    statement = stored(text, "“The ferry stays,”", "Ana Ruiz", "Ana Ruiz")
    around = "Ruiz left early. She added: “The ferry stays.”"
    assert said_by(Named(speaker("Petra Sandoval"), worded="She", around=around), statement, text) == "unknown"


def test_the_label_of_a_turn_names_its_speaker() -> None:
    text = "Ruiz: The ferry stays.\nWeir: It does not."
    assert Named(speaker("Jonas Weir")).labels(text, text.index("does"))
    assert not Named(speaker("Ana Ruiz")).labels(text, text.index("does"))


def test_a_speaker_is_named_by_his_surname() -> None:
    assert named_in(Named(speaker("Ana Ruiz")), "Mrs. Ruiz left.")
    assert not named_in(Named(speaker("Ana Ruiz")), "Mrs. Weir left.")
