import pytest

from engine.errors import SettingsError
from engine.settings import KNOWN, Settings, load_settings


def test_without_any_variable_the_defaults_hold() -> None:
    assert load_settings({"HOME": "/home/ana", "PATH": "/bin"}) == Settings()


def test_each_known_name_sets_its_field() -> None:
    settings = load_settings({
        "ONRECORD_STORE": "sqlite:x.db", "ONRECORD_INDEX": "news", "ONRECORD_HOST": "::1", "ONRECORD_PORT": "0",
        "ONRECORD_ES_USERNAME": "ana", "ONRECORD_ES_PASSWORD": "p w", "ONRECORD_ES_TIMEOUT": "2.5",
        "ONRECORD_ALLOW_ORIGINS": "https://a.example, https://b.example",
    })  # fmt: skip
    assert (settings.store, settings.index, settings.host, settings.port) == ("sqlite:x.db", "news", "::1", 0)
    assert (settings.es_username, settings.es_password, settings.es_timeout) == ("ana", "p w", 2.5)
    assert settings.allow_origins == ("https://a.example", "https://b.example")


def test_an_unknown_name_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(SettingsError, match=r"ONRECORD_STOR is not a setting.*did you mean ONRECORD_STORE"):
        load_settings({"ONRECORD_STOR": "sqlite:x.db"})


def test_an_unknown_name_unlike_any_other_is_refused_with_the_list() -> None:
    with pytest.raises(SettingsError, match="ONRECORD_STORE, ONRECORD_INDEX"):
        load_settings({"ONRECORD_ZZZ": "1"})


def test_an_empty_value_means_not_set() -> None:
    assert load_settings({"ONRECORD_STORE": " ", "ONRECORD_PORT": ""}) == Settings()


def test_names_of_the_tests_are_tolerated() -> None:
    assert load_settings({"ONRECORD_TEST_ELASTICSEARCH_URL": "x", "ONRECORD_SHARED": "y"}) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ONRECORD_PORT", "80a"), ("ONRECORD_PORT", "65536"), ("ONRECORD_PORT", "-1"), ("ONRECORD_ES_TIMEOUT", "0"),
        ("ONRECORD_ES_TIMEOUT", "nan"), ("ONRECORD_ES_SHARDS", "0"), ("ONRECORD_ES_VECTORS", "flat"),
        ("ONRECORD_REQUEST_TIMEOUT", "inf"), ("ONRECORD_ATTRIBUTION", "best"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({name: value})


def test_every_field_can_be_set_from_the_environment() -> None:
    assert {name.removeprefix("ONRECORD_").lower() for name in KNOWN} == set(Settings.__dataclass_fields__)
