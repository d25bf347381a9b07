"""Read `docker-compose.yml` and `Dockerfile` as their engine would, and run what they say.

There is no container engine in the tests. What an engine does is done here by hand and
told in one place: names in `${…}` are filled in, the image's files are laid out as the
Dockerfile copies them, secrets lie in a folder, and a process gets the environment of
its service and nothing else.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ocgmap.bootstrap.paths import ROOT

COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "Dockerfile"
SECRETS = "/run/secrets"
APP = ("migrate", "web", "worker", "beat", "drain", "sealer")
_NAME = re.compile(r"\$\{(?P<name>[A-Z_]+)(?:(?P<kind>:-|:\?)(?P<rest>[^}]*))?\}")
# `CMD-SHELL` and the like, and the folder of the programs of this environment.
PROGRAMS = str(Path(sys.executable).parent)


class Unset(Exception):
    """A name that the file demands was not set; the message is the file's."""


def fill(text: str, given: Mapping[str, str]) -> str:
    """Put values in the place of `${NAME}`, `${NAME:-default}` and `${NAME:?why}`."""

    def value(found: re.Match[str]) -> str:
        name, kind, rest = found["name"], found["kind"], found["rest"] or ""
        if given.get(name):
            return given[name]
        if kind == ":?":
            raise Unset(f"{name}: {rest}")
        return rest

    return _NAME.sub(value, text)


def names_asked_for() -> set[str]:
    """Return the names that the file takes from `.env`."""
    return {found["name"] for found in _NAME.finditer(COMPOSE.read_text("utf-8"))}


def services(given: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the services of the file, with the values of `.env` filled in."""
    return dict(whole(given)["services"])


def whole(given: Mapping[str, str]) -> dict[str, Any]:
    """Return the file as data, anchors and merges resolved."""
    return {
        name: _filled(part, given)
        for name, part in yaml.safe_load(COMPOSE.read_text("utf-8")).items()
    }


def _filled(part: Any, given: Mapping[str, str]) -> Any:
    """Fill names in after the file is read, as the engine does: values stay texts."""
    if isinstance(part, str):
        return fill(part, given)
    if isinstance(part, list):
        return [_filled(one, given) for one in part]
    if isinstance(part, dict):
        return {key: _filled(one, given) for key, one in part.items()}
    return part


@dataclass(frozen=True, slots=True)
class Stage:
    """One `FROM … AS …` of a Dockerfile and its instructions in order."""

    base: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, word: str) -> list[str]:
        return [rest for instruction, rest in self.steps if instruction == word]


def stages() -> list[Stage]:
    """Return the stages of the Dockerfile."""
    found: list[Stage] = []
    joined = DOCKERFILE.read_text("utf-8").replace("\\\n", " ")
    for line in joined.splitlines():
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        word, _, rest = words.partition(" ")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            found.append(Stage(base, name))
        else:
            found[-1].steps.append((word, rest.strip()))
    return found


def copies(stage: Stage) -> list[tuple[str, list[str], str]]:
    """Return from which stage ("" for the folder of the project) what goes where."""
    told = []
    for rest in stage.all("COPY"):
        words = rest.split()
        source = words.pop(0).partition("=")[2] if words[0].startswith("--from") else ""
        told.append((source, words[:-1], words[-1]))
    return told


def lay_out(folder: Path) -> None:
    """Lay the files of the image's last stage into a folder, as the Dockerfile copies.

    What another stage built is taken from where the project's own build put it; the
    packages are those of this environment.
    """
    for stage, sources, target in copies(stages()[-1]):
        if stage == "packages":
            continue
        for source in sources:
            here = ROOT / source.removeprefix("/app/")
            place = folder / target if here.is_dir() else folder / target / here.name
            place.parent.mkdir(parents=True, exist_ok=True)
            if here.is_dir():
                shutil.copytree(
                    here, place, ignore=shutil.ignore_patterns("__pycache__")
                )
            else:
                shutil.copy(here, place)


@dataclass(slots=True)
class Deployment:
    """The services of the file on this machine: their files, secrets and environment."""

    image: Path
    secrets: Path
    scratch: Path
    given: Mapping[str, str]
    port: int

    def environment(self, service: str) -> dict[str, str]:
        """Return the whole environment of a service's process.

        Paths of the container become paths here; all else is as the file says.
        """
        told = services(self.given)[service].get("environment", {})
        image = dict(
            pair.split("=", 1) for pair in " ".join(stages()[-1].all("ENV")).split()
        )
        image["PATH"] = f"{PROGRAMS}{os.pathsep}/usr/bin:/bin"
        own = {name: self.here(str(value), service) for name, value in told.items()}
        return {**image, **own, "OCGMAP_PROBE_PORT": str(self.port)}

    def here(self, text: str, service: str) -> str:
        """Return a path of the container as one of this machine."""
        scratch = self.scratch / service
        scratch.mkdir(exist_ok=True)
        text = re.sub(r"^/tmp(?=/|$)", str(scratch), text)
        text = re.sub(r"^/audit(?=/|$)", str(scratch / "audit"), text)
        return re.sub(rf"^{SECRETS}(?=/|$)", str(self.secrets), text)

    def command(self, service: str) -> list[str]:
        """Return the file's own words; the port alone is a free one of this machine."""
        words = [
            self.here(str(word), service)
            for word in services(self.given)[service]["command"]
        ]
        return [
            word.replace("0.0.0.0:8000", f"127.0.0.1:{self.port}") for word in words
        ]

    def probe(self, service: str) -> int:
        """Run the service's own health check beside it and return its exit code."""
        kind, *words = services(self.given)[service]["healthcheck"]["test"]
        assert kind == "CMD"
        return subprocess.run(
            words,
            executable=shutil.which(words[0], path=PROGRAMS),
            cwd=self.image,
            env=self.environment(service),
            check=False,
        ).returncode
