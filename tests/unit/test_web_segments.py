from hypothesis import given
from hypothesis import strategies as st

from api.web.segments import segments
from engine.models import Span

spans = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 30), st.integers(1, 20))


@given(text=st.text(max_size=40), layers=st.dictionaries(st.sampled_from("abc"), st.lists(spans, max_size=4)))
def test_the_pieces_joined_are_the_text_and_each_lies_under_its_layers(
    text: str, layers: dict[str, list[Span]]
) -> None:
    pieces = segments(text, layers)
    assert "".join(piece.text for piece in pieces) == text
    at = 0
    for piece in pieces:
        for place in range(at, at + len(piece.text)):
            covering = {name for name, some in layers.items() if any(s.start <= place < s.end for s in some)}
            assert covering == piece.names
        at += len(piece.text)


def test_a_layer_ends_once_behind_its_last_span() -> None:
    pieces = segments("one two three", {"a": [Span(0, 3), Span(8, 13)], "b": [Span(4, 7)]})
    assert [(piece.text, piece.ends) for piece in pieces if piece.ends] == [("two", ("b",)), ("three", ("a",))]
