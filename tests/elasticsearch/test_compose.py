"""`docker-compose.yml` and `Dockerfile`, as far as they can be checked without Docker."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.settings import KNOWN, load_settings
from tests.elasticsearch.server import RELEASES

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")

SERVICE_KEYS = {
    "image", "build", "environment", "mem_limit", "ulimits", "volumes", "ports", "healthcheck", "restart", "depends_on",
}  # fmt: skip
"""Of the compose specification's keys of a service, those that we use; a misspelt one would be no key of either."""
_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))
    return said


def filled(text: str, environment: dict[str, str]) -> str:
    """Variables as Compose fills them in: `${NAME:-default}`, `${NAME:?message}`."""

    def value(found: re.Match[str]) -> str:
        name, sign, rest = found.groups()
        if environment.get(name):
            return environment[name]
        if sign == "?":
            raise KeyError(name)
        return rest or ""

    return _VARIABLE.sub(value, text)


def test_the_file_has_the_shape_that_compose_reads(compose: dict[str, Any]) -> None:
    assert set(compose) == {"name", "services", "volumes"}
    for name, service in compose["services"].items():
        assert set(service) <= SERVICE_KEYS, name
        assert "image" in service
        assert all(isinstance(value, str) for value in service["environment"].values()), name
        for volume in service.get("volumes", ()):
            assert volume.split(":")[0] in compose["volumes"]


def test_the_server_is_the_release_that_the_tests_run_on(compose: dict[str, Any]) -> None:
    image, _, tag = compose["services"]["elasticsearch"]["image"].rpartition(":")
    assert image == "docker.elastic.co/elasticsearch/elasticsearch"
    assert tag == RELEASES["9.4"].version


def test_nothing_is_published_beyond_the_loopback(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service["ports"]]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_security_is_on_and_no_secret_stands_in_the_file(compose: dict[str, Any]) -> None:
    server, app = compose["services"]["elasticsearch"]["environment"], compose["services"]["app"]["environment"]
    assert server["xpack.security.enabled"] == "true"
    for value in (server["ELASTIC_PASSWORD"], app["ONRECORD_ES_PASSWORD"]):
        assert filled(value, {"ELASTIC_PASSWORD": "from-dot-env"}) == "from-dot-env"
        with pytest.raises(KeyError):
            filled(value, {})


def test_the_apps_environment_is_what_the_settings_know_and_mean(compose: dict[str, Any]) -> None:
    environment = compose["services"]["app"]["environment"]
    assert set(environment) <= set(KNOWN)
    settings = load_settings({k: filled(v, {"ELASTIC_PASSWORD": "p"}) for k, v in environment.items()})
    assert (settings.es_username, settings.es_password, settings.index) == ("elastic", "p", "onrecord")
    host = settings.store and settings.store.removeprefix("http://").removesuffix(":9200")
    assert host in compose["services"]
    assert compose["services"]["app"]["ports"] == [f"127.0.0.1:8000:{settings.port}"]


def test_memory_is_limited_and_the_heap_is_half_of_it(compose: dict[str, Any]) -> None:
    server = compose["services"]["elasticsearch"]
    limit = filled(server["mem_limit"], {})
    heap = re.search(r"-Xmx(\d+)g", filled(server["environment"]["ES_JAVA_OPTS"], {}))
    assert heap is not None
    assert 2 * int(heap.group(1)) <= int(limit.removesuffix("g"))
    assert filled(compose["services"]["app"]["mem_limit"], {}).endswith("g")


def test_the_app_waits_for_a_server_that_is_healthy(compose: dict[str, Any]) -> None:
    assert compose["services"]["app"]["depends_on"]["elasticsearch"]["condition"] == "service_healthy"
    check = compose["services"]["elasticsearch"]["healthcheck"]
    assert "_cluster/health?wait_for_status=yellow" in check["test"][1]
    assert "$$ELASTIC_PASSWORD" in check["test"][1], "the container's own variable, not the shell's of the user"


def test_the_example_of_dot_env_names_every_variable() -> None:
    asked = {found.group(1) for found in _VARIABLE.finditer(COMPOSE.read_text("utf-8"))}
    example = (ROOT / ".env.example").read_text("utf-8")
    given = dict(line.split("=", 1) for line in example.splitlines() if line and not line.startswith("#"))
    assert set(given) == asked
    assert given["ELASTIC_PASSWORD"] == "", "an example of a password would be used as one"


def test_the_image_runs_as_a_user_without_rights() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert users == ["onrecord"]
    assert DOCKERFILE.index("USER onrecord") < DOCKERFILE.index("ENTRYPOINT")
    assert "useradd" in DOCKERFILE


def test_everything_the_image_copies_is_there_and_its_environment_is_known() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for name in line.split():
            assert (ROOT / name).exists(), name
    named = set(re.findall(r"\bONRECORD_\w+", DOCKERFILE))
    assert named <= set(KNOWN)


def test_the_health_check_of_the_image_asks_a_page_that_exists() -> None:
    path = re.search(r"http://127\.0\.0\.1:8000(/\w+)", DOCKERFILE)
    assert path is not None
    routes = "".join(file.read_text("utf-8") for file in (ROOT / "api/routes").glob("*.py"))
    assert f'"{path.group(1)}"' in routes
