"""Settings, as an operator writes them."""

from __future__ import annotations

import stat
from ipaddress import ip_network
from pathlib import Path

import pytest

from afterword.config import InvalidSetting, Settings, secret_key, sign_up_code


def test_nothing_has_to_be_set(tmp_path: Path) -> None:
    settings = Settings.from_environ({"HOME": str(tmp_path)})
    assert settings.data_dir == tmp_path / ".local/share/afterword"
    assert settings.database_url == f"sqlite:///{settings.data_dir}/afterword.db"
    assert (settings.registration, settings.public_timelines, settings.allowed_networks) == ("first", True, ())
    assert (settings.playbooks_dir, settings.metrics_token) == (None, None)


def test_the_token_for_metrics_may_be_left_empty() -> None:
    assert Settings.from_environ({"AFTERWORD_METRICS_TOKEN": ""}).metrics_token is None
    assert Settings.from_environ({"AFTERWORD_METRICS_TOKEN": "a" * 16}).metrics_token == "a" * 16


def test_where_the_operators_playbooks_are(tmp_path: Path) -> None:
    settings = Settings.from_environ({"AFTERWORD_PLAYBOOKS_DIR": str(tmp_path)})
    assert settings.playbooks_dir == tmp_path


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_ways_to_write_a_postgresql_url(scheme: str) -> None:
    settings = Settings.from_environ({"DATABASE_URL": f"{scheme}://me@db/afterword"})
    assert settings.database_url == "postgresql+psycopg://me@db/afterword"


def test_networks_that_may_be_reached() -> None:
    settings = Settings.from_environ({"AFTERWORD_ALLOWED_NETWORKS": "127.0.0.1/32, ::1"})
    assert settings.allowed_networks == (ip_network("127.0.0.1/32"), ip_network("::1/128"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("AFTERWORD_REGISTRATION", "anybody"),
        ("AFTERWORD_PUBLIC_URL", "afterword.example.org"),
        ("AFTERWORD_PUBLIC_TIMELINES", "maybe"),
        ("AFTERWORD_ALLOWED_NETWORKS", "the office"),
        ("AFTERWORD_ALLOWED_NETWORKS", "127.0.0.1/8"),
        ("AFTERWORD_METRICS_TOKEN", "too short"),
        ("AFTERWORD_METRICS_TOKEN", "long enough, but with spaces"),
        ("AFTERWORD_METRICS_TOKEN", "long-enough-but-not-ascii-é"),
        ("AFTERWORD_METRICS_TOKEN", "x" * 201),
    ],
)
def test_what_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(InvalidSetting, match=name):
        Settings.from_environ({name: value})


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    settings = Settings.from_environ({"AFTERWORD_DATA_DIR": str(tmp_path / "data")})
    made = secret_key(settings)
    assert len(made) == 64
    assert secret_key(settings) == made
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600


def test_the_sign_up_code_is_the_same_in_every_process_of_one_secret(tmp_path: Path) -> None:
    one, other = (
        Settings.from_environ({"AFTERWORD_DATA_DIR": str(tmp_path / name), "AFTERWORD_SECRET_KEY": "shared"})
        for name in ("one", "other")
    )
    assert sign_up_code(one) == sign_up_code(other)
    assert "shared" not in sign_up_code(one)


def test_cookies_are_bound_to_https_where_it_is_used() -> None:
    assert Settings.from_environ({"AFTERWORD_PUBLIC_URL": "https://afterword.example.org/"}).secure_cookies
    assert not Settings.from_environ({"AFTERWORD_PUBLIC_URL": "http://localhost:8000"}).secure_cookies
