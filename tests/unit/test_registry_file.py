from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.errors import RegistryError
from engine.registry import Registry, load_registry
from engine.registry_file import read_registry

THREE_LINES = """\
- name: Ana Ruiz
  aliases: [Ruiz]
  offices: [{title: foreign minister, of: Valmera, from: 2031-01-15}]
"""


def registry(text: str) -> Registry:
    return Registry.of(read_registry(text, name="mine.yaml"), name="mine.yaml")


def refusal(text: str) -> str:
    with pytest.raises(RegistryError) as refused:
        registry(text)
    return str(refused.value)


def test_a_person_is_added_in_three_lines() -> None:
    found = registry(THREE_LINES)
    speaker = found.lookup("ruiz")
    assert speaker is not None
    assert (speaker.id, speaker.name) == ("ana-ruiz", "Ana Ruiz")
    assert found.holder("Foreign Minister", of="Valmera", day=date(2031, 1, 15)) == speaker
    assert found.holder("foreign minister", of="Valmera", day=date(2031, 1, 14)) is None


def test_an_empty_registry_is_a_registry() -> None:
    assert registry("# nobody yet\n").entries == ()


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("name: Ana", 1, "should be a list"),
        ("- name: Ana\n- aliases: [A]\n", 2, "without `name`"),
        ("- name: Ana\n  nick: A\n", 2, "unknown field `nick`"),
        ("- name: Ana\n  name: Bea\n", 2, "`name` twice"),
        ("- name: Ana\n  aliases: Bea\n", 2, "`aliases` should be a list"),
        ("- name: Ana\n  aliases: [[x]]\n", 2, "each of `aliases`"),
        ("- name: ''\n", 1, "`name` should be one non-empty text"),
        ("- name: Ana\n  gender: lady\n", 2, "`gender: lady`"),
        ("- name: Ana\n  kind: robot\n", 2, "`kind: robot`"),
        ("- name: Ana\n  qid: 937\n", 2, "`937` is no Wikidata id"),
        ("- name: Ana\n  offices: [{of: Valmera}]\n", 2, "an office without `title`"),
        ("- name: Ana\n  offices: [{title: mayor, from: 2031-13}]\n", 2, "`2031-13` is no date"),
        (
            "- name: Ana\n  offices: [{title: mayor, from: 2031, until: 2030}]\n",
            2,
            "ends (2030-12-31) before it starts",
        ),
        ("- name: Ana\n  aliases: [A\n- name: B\n", 3, "not YAML"),
        ("- Ana\n", 1, "an entry should be fields"),
    ],
)
def test_a_malformed_entry_is_refused_with_file_and_line(text: str, line: int, what: str) -> None:
    message = refusal(text)
    assert message.startswith(f"mine.yaml, line {line}: ")
    assert what in message


def test_an_alias_that_two_share_is_refused_and_names_both() -> None:
    message = refusal(THREE_LINES + "- name: Pedro Ruiz\n  aliases: [RUIZ]\n")
    assert message.startswith("mine.yaml, line 4: `RUIZ` already means Ana Ruiz (line 1)")


def test_two_entries_of_one_id_are_refused() -> None:
    assert "id `ana-ruiz` is taken by Ana Ruiz (line 1)" in refusal("- name: Ana Ruiz\n- {name: Bea, id: ana-ruiz}\n")


def test_a_missing_or_undecodable_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"nobody\.yaml: cannot be read"):
        load_registry(tmp_path / "nobody.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"- name: \xff\xfe\xfa")
    with pytest.raises(RegistryError, match=r"bytes\.yaml: cannot be read"):
        load_registry(tmp_path / "bytes.yaml")


def test_an_office_that_ends_in_a_month_is_held_to_its_last_day() -> None:
    found = registry("- {name: Ana, offices: [{title: mayor, of: Norvik, from: 2030, until: 2031-02}]}\n")
    assert found.holder("mayor", of="Norvik", day=date(2030, 1, 1))
    assert found.holder("mayor", of="Norvik", day=date(2031, 2, 28))
    assert found.holder("mayor", of="Norvik", day=date(2031, 3, 1)) is None
    assert found.holder("mayor", of="Norvik") is None
