"""Settings that an operator gives: read strictly, and refused with a sentence."""

from pathlib import Path

import pytest

from ocgmap import env, probe
from ocgmap.bootstrap import command_database, release
from ocgmap.bootstrap.console import SetupError
from ocgmap.bootstrap.servers import is_database_given
from ocgmap.common.alive import alive

NAMES = ("DATABASE_OWNER_URL", "DATABASE_WEB_URL", "DATABASE_WORKER_URL")


def test_a_secret_comes_from_its_file_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "s").write_text("from the file\n")
    monkeypatch.setenv("OCGMAP_X", "plain")
    assert env.env_secret("OCGMAP_X") == "plain"
    monkeypatch.setenv("OCGMAP_X_FILE", str(tmp_path / "s"))
    assert env.env_secret("OCGMAP_X") == "from the file"
    monkeypatch.setenv("OCGMAP_X_FILE", str(tmp_path / "none"))
    with pytest.raises(SystemExit, match="OCGMAP_X_FILE cannot be read"):
        env.env_secret("OCGMAP_X", "")


def test_an_optional_secret_may_be_missing_and_never_weak(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert env.env_key("OCGMAP_X", 32) == ""
    monkeypatch.setenv("OCGMAP_X", "short")
    with pytest.raises(SystemExit, match="at least 32 characters"):
        env.env_key("OCGMAP_X", 32)
    with pytest.raises(SystemExit, match="OCGMAP_Y is not set"):
        env.env_secret("OCGMAP_Y")


def test_networks_and_choices_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCGMAP_X", "10.0.0.1, 172.31.254.0/28")
    assert [str(one) for one in env.env_networks("OCGMAP_X")] == [
        "10.0.0.1/32",
        "172.31.254.0/28",
    ]
    with pytest.raises(SystemExit, match="must be json or text"):
        env.env_choice("OCGMAP_X", "json", ("json", "text"))
    monkeypatch.setenv("OCGMAP_X", "proxy.example")
    with pytest.raises(SystemExit, match="addresses or networks"):
        env.env_networks("OCGMAP_X")


@pytest.mark.parametrize("suffix", ["", "_FILE"])
def test_a_database_that_is_given_is_never_replaced_by_an_embedded_one(
    suffix: str,
) -> None:
    assert is_database_given({f"DATABASE_WORKER_URL{suffix}": "x"})
    assert is_database_given({f"DATABASE_URL{suffix}": "x"})
    assert not is_database_given({"REDIS_URL": "x"})
    names = ("DATABASE_WORKER_URL", "SECRET_KEY", "OCGMAP_TOKEN_PEPPER", "REDIS_URL")
    given = {f"{name}{suffix}": "x" for name in names}
    assert command_database.is_all_given(given)
    for name in given:
        rest = {key: value for key, value in given.items() if key != name}
        assert not command_database.is_all_given(rest)


def test_release_names_every_login_that_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SetupError) as caught:
        release.given_addresses()
    for name in NAMES:
        assert name in str(caught.value)


def test_release_demands_passwords_in_the_addresses() -> None:
    addresses = dict.fromkeys(NAMES, "postgresql://someone@db/ocgmap")
    with pytest.raises(SetupError, match="holds no password"):
        release.prepare_roles("postgresql://boss@nowhere.invalid/x", addresses)


def test_a_probe_tells_usage_life_and_silence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert probe.main([]) == probe.main(["nonsense"]) == 2
    monkeypatch.delenv("OCGMAP_ALIVE_FILE", raising=False)
    alive()
    assert probe.main(["alive"]) == 1
    monkeypatch.setenv("OCGMAP_ALIVE_FILE", str(tmp_path / "alive"))
    assert probe.main(["alive"]) == 1
    alive()
    assert probe.main(["alive"]) == 0
    monkeypatch.setenv("OCGMAP_PROBE_PORT", "1")
    assert probe.main(["web"]) == 1
