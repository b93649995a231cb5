import re
from pathlib import Path

import pytest

from api import wiring
from engine.errors import OnRecordError, SettingsError, StoreUnavailableError
from engine.settings import Settings


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:a.db", "a.db"), ("sqlite:/tmp/x y/a.db", "/tmp/x y/a.db"), ("sqlite:///srv/a.db", "/srv/a.db")],
)
def test_a_store_file_is_named_as_people_write_it(url: str, path: str) -> None:
    assert wiring.sqlite_path(url) == Path(path)


@pytest.mark.parametrize("url", ["sqlite:", "sqlite://a.db", "sqlite:a\x00b"])
def test_what_names_no_file_is_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        wiring.sqlite_path(url)


def test_a_folder_is_no_store_and_the_file_to_give_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=re.escape(f"sqlite:{tmp_path}/onrecord.sqlite")):
        wiring.sqlite_path(f"sqlite:{tmp_path}")


def test_a_store_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="sqlite:PATH"):
        wiring.open_store(Settings(store=str(tmp_path / "a.db")))


def test_reading_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError):
        wiring.open_store(Settings(store=f"sqlite:{tmp_path}/none.db"))
    assert list(tmp_path.iterdir()) == []


def test_writing_makes_the_folder_too(tmp_path: Path) -> None:
    wiring.open_store(Settings(store=f"sqlite:{tmp_path}/new/archive.db"), create=True).close()
    assert (tmp_path / "new" / "archive.db").is_file()


def test_two_recipes_of_the_same_settings_are_equal_so_that_a_worker_loads_once() -> None:
    assert wiring.MakePreparer(Settings()) == wiring.MakePreparer(Settings())
    assert hash(wiring.MakePreparer(Settings())) == hash(wiring.MakePreparer(Settings()))


def test_means_whose_model_is_not_there_give_way_to_simpler_ones() -> None:
    assert wiring.chosen_means(Settings(attribution="rules")) == "rules"
    assert wiring.chosen_means(Settings()) in ("accurate", "fast", "rules")


def test_the_mark_of_the_means_changes_with_the_registry(tmp_path: Path) -> None:
    own = tmp_path / "speakers.yaml"
    own.write_text("- name: Ana Ruiz\n  aliases: [Ruiz]\n", encoding="utf-8")
    bundled = wiring.load_registry(Settings())
    newsroom = wiring.load_registry(Settings(speakers=own))
    assert wiring.means_mark("rules", bundled) == wiring.means_mark("rules", wiring.load_registry(Settings()))
    assert wiring.means_mark("rules", bundled) != wiring.means_mark("rules", newsroom)


def test_a_registry_file_that_is_not_there_is_an_error_of_ours() -> None:
    with pytest.raises(OnRecordError):
        wiring.load_registry(Settings(speakers=Path("/nowhere/speakers.yaml")))
