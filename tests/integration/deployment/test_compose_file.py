"""The compose file, the Dockerfile, `.env.example` and the code say the same."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ocgmap.bootstrap import frontend, make_secrets, postgres
from ocgmap.bootstrap.console import SetupError
from ocgmap.bootstrap.paths import ROOT
from ocgmap.bootstrap.roles import connect
from ocgmap.bootstrap.servers import URL_NAMES
from ocgmap.env import env_secret
from tests import compose

ENV = {"OCGMAP_ALLOWED_HOSTS": "ocgmap.example"}
SOURCES = ("ocgmap", "accounts", "groups", "intelligence", "scoring", "manage.py")
# Names that others set and read: the operating system, Python, Celery and PostgreSQL.
FOREIGN = {
    *("PATH", "HOME", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"),
    *("DJANGO_SETTINGS_MODULE", "PROMETHEUS_MULTIPROC_DIR"),
}
# Of the tests and of the commands themselves: no operator sets them.
INTERNAL = {
    *("OCGMAP_TEST", "OCGMAP_FAST_HASHER", "OCGMAP_NO_LOCKOUT", "OCGMAP_OFFLINE"),
    "DATABASE_ADMIN_URL",
}
NAME = re.compile(r"(?:OCGMAP|DATABASE)_[A-Z_]+[A-Z]|SECRET_KEY|REDIS_URL")


def files() -> list[Path]:
    found = [ROOT / top for top in SOURCES]
    return [
        path for top in found for path in (top.rglob("*.py") if top.is_dir() else [top])
    ]


def names_in_code() -> set[str]:
    """Every name of a setting that stands as a text of its own in the code."""
    return {
        node.value
        for path in files()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and NAME.fullmatch(node.value)
    } | set(URL_NAMES)


def demanded() -> Iterator[str]:
    """Names without which the settings do not load, in any process."""
    text = (ROOT / "ocgmap" / "settings.py").read_text("utf-8")
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") == "env_secret"
            and len(node.args) == 1
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.args[0].value


def names_in_example() -> set[str]:
    text = (ROOT / ".env.example").read_text("utf-8")
    return set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))


def environments() -> dict[str, dict[str, Any]]:
    told = compose.services(ENV)
    return {name: told[name]["environment"] for name in compose.APP}


def plain(name: str) -> str:
    """Return the name of the secret that a file is named for."""
    kinds = ("URL", "KEY", "PEPPER", "TOKEN", "SECRET")
    is_secret = name.endswith(tuple(f"_{kind}_FILE" for kind in kinds))
    return name.removesuffix("_FILE") if is_secret else name


def test_every_name_that_compose_sets_is_read_by_the_code() -> None:
    read = names_in_code()
    for service, names in environments().items():
        unread = {n for n in names if n not in read and plain(n) not in read}
        assert not unread, f"{service} sets what nothing reads: {unread}"
    assert len(read) > 20


def test_every_name_that_the_settings_demand_is_set_for_every_process() -> None:
    wanted = set(demanded())
    assert wanted == {"SECRET_KEY", "OCGMAP_TOKEN_PEPPER"}
    for service, names in environments().items():
        given = {plain(name) for name in names}
        login = names.get("OCGMAP_PROCESS")
        url = {f"DATABASE_{login.upper()}_URL"} if login else set(URL_NAMES)
        missing = (wanted | url | {"REDIS_URL", "OCGMAP_ALLOWED_HOSTS"}) - given
        assert not missing, f"{service} lacks {missing}"
        others = set(URL_NAMES) - url
        assert not others & given, f"{service} knows a login that is not its own"


def test_the_example_names_all_that_can_be_set_and_nothing_else() -> None:
    code = {plain(name) for name in names_in_code()} - INTERNAL - FOREIGN
    # Only for the tests; it stands there with the folder that it is about.
    known = code | compose.names_asked_for() | {"OCGMAP_REQUIRE_REAL_DATA"}
    example = names_in_example()
    assert not known - example, f"add to .env.example: {known - example}"
    assert not example - known, f"nothing reads: {example - known}"


def test_what_must_be_set_stands_uncommented_in_the_example() -> None:
    with pytest.raises(compose.Unset, match="OCGMAP_ALLOWED_HOSTS"):
        compose.services({})
    text = (ROOT / ".env.example").read_text("utf-8")
    live = dict(line.split("=", 1) for line in re.findall(r"^[A-Z_]+=.*$", text, re.M))
    assert compose.services(live)["web"]["environment"]["OCGMAP_ALLOWED_HOSTS"]


def test_the_defaults_of_compose_are_those_of_the_code(tmp_path: Path) -> None:
    web = environments()["web"]
    script = (
        "import json; from django.conf import settings as s; "
        "from ocgmap import serving as g; print(json.dumps([s.SESSION_COOKIE_AGE, "
        "s.DRAIN_EVERY_SECONDS, s.DATABASES['default']['CONN_MAX_AGE'], g.workers, "
        "g.threads]))"
    )
    env = {k: v for k, v in os.environ.items() if k not in web}
    env["TMPDIR"] = str(tmp_path)
    out = subprocess.check_output([sys.executable, "-c", script], cwd=ROOT, env=env)
    names = ("SESSION_SECONDS", "DRAIN_EVERY_SECONDS", "CONN_MAX_AGE")
    names = (*names, "WEB_PROCESSES", "WEB_THREADS")
    assert json.loads(out) == [int(web[f"OCGMAP_{name}"]) for name in names]


def test_secrets_are_files_made_by_the_command_and_mounted_where_they_are_read() -> (
    None
):
    told = compose.whole(ENV)
    made = make_secrets.contents()
    assert set(told["secrets"]) == set(made)
    for name, where in told["secrets"].items():
        assert where == {"file": f"./secrets/{name}"}
    for name, service in told["services"].items():
        text = json.dumps([service.get("environment", {}), service["command"]])
        read = set(re.findall(rf"{compose.SECRETS}/([\w.]+)", text))
        assert read == set(service["secrets"]), name
        for key, value in service.get("environment", {}).items():
            kinds = ("_URL", "_KEY", "_PASSWORD", "_TOKEN", "_SECRET")
            # The address of an identity provider holds no password.
            is_open = key == "OCGMAP_OIDC_URL"
            assert is_open or not key.endswith(kinds), (key, value)


def test_single_sign_on_is_switched_on_by_the_example_alone() -> None:
    said = {
        "OCGMAP_OIDC_URL": "https://sign-on.example/realm",
        "OCGMAP_OIDC_CLIENT": "ours",
        "OCGMAP_OIDC_NAME": "Test force",
        "OCGMAP_OIDC_TWO_FACTOR_ACR": "gold",
    }
    told = compose.services(ENV | said)
    web = told["web"]["environment"]
    assert {name: web[name] for name in said} == said
    assert web["OCGMAP_OIDC_SECRET_FILE"] == f"{compose.SECRETS}/oidc_secret"
    assert [name for name, one in told.items() if "oidc_secret" in one["secrets"]] == [
        "web"
    ]
    assert environments()["web"]["OCGMAP_OIDC_URL"] == ""  # else there is none


def test_an_empty_secret_is_read_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_secrets.write(tmp_path / "secrets")
    path = tmp_path / "secrets" / "oidc_secret"
    monkeypatch.setenv("OCGMAP_OIDC_SECRET_FILE", str(path))
    assert env_secret("OCGMAP_OIDC_SECRET", "") == ""


def test_secrets_fit_each_other_and_are_never_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    make_secrets.write(folder)
    made = {path.name: path.read_text("ascii").strip() for path in folder.iterdir()}
    assert made["postgres_password"] in made["database_url"]
    assert made["redis.conf"].removeprefix("requirepass ") in made["redis_url"]
    told = compose.services(ENV)
    for name in ("database_url", *(f"database_{one}_url" for one in ("web", "owner"))):
        assert "@db:5432/" in made[name]
    assert "@redis:6379/" in made["redis_url"]
    assert {"db", "redis"} <= told.keys()
    assert len(set(made.values())) == len(made)
    assert folder.stat().st_mode & 0o777 == 0o700
    with pytest.raises(SetupError, match="not empty"):
        make_secrets.write(folder)


def test_every_service_is_as_closed_as_it_can_be() -> None:
    for name, service in compose.services(ENV).items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["user"] not in {"root", "0", "0:0"}, name
        assert "container_name" not in service, f"{name}: --scale would fail"
        assert name == "web" or "ports" not in service, (
            f"{name} is reached from outside"
        )
        assert service["networks"] == (
            ["inside", "front"] if name == "web" else ["inside"]
        )
    assert compose.whole(ENV)["networks"]["inside"] == {"internal": True}
    assert compose.services(ENV)["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_every_service_has_a_health_check_and_waits_for_what_it_needs() -> None:
    told = compose.services(ENV)
    for name, service in told.items():
        if name == "migrate":
            assert service["restart"] == "no"
            assert service["depends_on"] == {"db": {"condition": "service_healthy"}}
            continue
        assert service["restart"] == "unless-stopped", name
        assert service["healthcheck"]["test"], name
        if name in compose.APP:
            assert service["depends_on"] == {
                "migrate": {"condition": "service_completed_successfully"},
                "db": {"condition": "service_healthy"},
                "redis": {"condition": "service_healthy"},
            }, name


def test_the_broker_keeps_hints_as_the_embedded_one_does() -> None:
    words = [str(word) for word in compose.services(ENV)["redis"]["command"]]
    options = dict(zip(words[2::2], words[3::2], strict=True))
    assert options["--appendonly"] == "yes"
    assert options["--maxmemory-policy"] == "noeviction"


def test_the_database_takes_the_options_of_its_command() -> None:
    words = compose.services(ENV)["db"]["command"]
    options = [word.split("=", 1) for word in words if "=" in word]
    assert len(options) == 4
    with connect(os.environ["DATABASE_ADMIN_URL"]) as link:
        for name, value in options:
            row = link.execute(
                "select enumvals, vartype, min_val, max_val from pg_settings "
                "where name = %s",
                [name],
            ).fetchone()
            assert row, name
            enumerated, kind, least, most = row
            if kind == "enum":
                assert value in enumerated, name
            else:
                assert float(least) <= int(value) <= float(most), name
    version = compose.services(ENV)["db"]["image"].partition(":")[2]
    said = subprocess.check_output([postgres.find_binaries() / "postgres", "-V"])
    assert f"(PostgreSQL) {version}." in said.decode()


def test_the_image_starts_as_the_web_service_does() -> None:
    last = compose.stages()[-1]
    assert json.loads(last.all("CMD")[0]) == compose.services(ENV)["web"]["command"]
    assert last.all("USER") == [compose.services(ENV)["web"]["user"]]
    assert not last.all("ENTRYPOINT")
    assert f"--uid {last.all('USER')[0].partition(':')[0]} " in last.all("RUN")[0]


def test_the_image_installs_by_hash_and_builds_the_front_end_as_the_project_does() -> (
    None
):
    front, packages, last = compose.stages()
    assert [front.name, packages.name] == ["front", "packages"]
    assert "--require-hashes -r requirements.lock" in packages.all("RUN")[0]
    assert front.all("RUN") == ["npm ci", "npm run build"]
    scripts = json.loads((ROOT / "package.json").read_text("utf-8"))["scripts"]
    assert set(scripts) >= {"build"}
    copied = {one for _, sources, _ in compose.copies(front) for one in sources}
    assert copied == {*frontend.PACKAGE_FILES, *frontend.SOURCE_FOLDERS}
    built = f"./{frontend.OUTPUT.relative_to(ROOT)}"
    assert ("front", [f"/app/{built[2:]}"], built) in compose.copies(last)
    major = int(front.base.partition(":")[2].split("-")[0])
    assert (major, 99) >= frontend.OLDEST_NODE
    assert packages.base == last.base, "packages are built for another Python"


def test_every_file_that_the_image_takes_is_there_and_let_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    assert "*" in ignored
    let_through = {line[1:] for line in ignored if line.startswith("!")}
    taken = {
        source
        for stage in compose.stages()
        for origin, sources, _ in compose.copies(stage)
        for source in sources
        if not origin
    }
    assert taken == let_through
    for name in taken:
        assert (ROOT / name).exists(), name
    apps = {name for name in SOURCES if name != "manage.py"}
    assert apps <= taken
