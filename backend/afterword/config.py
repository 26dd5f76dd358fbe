"""The settings of one process, read once from its environment."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

REGISTRATIONS = ("first", "open", "closed")
SHORTEST_TOKEN = 16
IpNetwork = IPv4Network | IPv6Network

_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off")
_POSTGRESQL_SCHEMES = ("postgres", "postgresql")


class InvalidSetting(ValueError):
    """A setting cannot be read. The layers above know errors; this one stands beside them and knows none."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator decides. `database_url` is an SQLAlchemy URL; `secret_key` is None where none is given."""

    database_url: str
    data_dir: Path
    public_url: str | None = None
    registration: str = "first"
    public_timelines: bool = True
    allowed_networks: tuple[IpNetwork, ...] = ()
    secret_key: str | None = None
    playbooks_dir: Path | None = None
    metrics_token: str | None = None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        data_dir = Path(environ.get("AFTERWORD_DATA_DIR") or _user_data_dir(environ))
        return cls(
            database_url=database_url(environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'afterword.db'}"),
            data_dir=data_dir,
            public_url=_public_url(environ.get("AFTERWORD_PUBLIC_URL", "")),
            registration=_registration(environ.get("AFTERWORD_REGISTRATION") or "first"),
            public_timelines=_flag("AFTERWORD_PUBLIC_TIMELINES", environ.get("AFTERWORD_PUBLIC_TIMELINES") or "true"),
            allowed_networks=_networks(environ.get("AFTERWORD_ALLOWED_NETWORKS", "")),
            secret_key=environ.get("AFTERWORD_SECRET_KEY") or None,
            playbooks_dir=_path(environ.get("AFTERWORD_PLAYBOOKS_DIR", "")),
            metrics_token=_token(environ.get("AFTERWORD_METRICS_TOKEN", "")),
        )

    @property
    def secure_cookies(self) -> bool:
        return bool(self.public_url and self.public_url.startswith("https:"))


def database_url(text: str) -> str:
    """The SQLAlchemy URL for what hosts and people write: `postgres://` and `postgresql://` mean psycopg 3."""
    scheme, separator, rest = text.partition("://")
    if separator and scheme in _POSTGRESQL_SCHEMES:
        return f"postgresql+psycopg://{rest}"
    in_memory = scheme == "sqlite" and rest in ("", "/", "/:memory:")
    if separator and scheme in ("sqlite", "postgresql+psycopg") and not in_memory:
        return text
    raise InvalidSetting("DATABASE_URL must name a file, sqlite:///path, or a server, postgresql://user@host/name.")


def secret_key(settings: Settings) -> bytes:
    """The key given, else the one kept beside the data, made on first use and readable by its owner alone."""
    if settings.secret_key:
        return settings.secret_key.encode()
    path = settings.data_dir / "secret_key"
    if not path.exists():
        _write_privately(path, secrets.token_hex(32))
    return path.read_text().strip().encode()


def sign_up_code(settings: Settings) -> str:
    """What the first sign-up must show where strangers can reach the server; the same in every process of one key."""
    return hmac.new(secret_key(settings), b"first sign-up", hashlib.sha256).hexdigest()[:12]


def _write_privately(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def _user_data_dir(environ: Mapping[str, str]) -> Path:
    home = environ.get("XDG_DATA_HOME") or Path(environ.get("HOME") or ".", ".local", "share")
    return Path(home, "afterword")


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _token(text: str) -> str | None:
    if text and not re.fullmatch(rf"[\x21-\x7e]{{{SHORTEST_TOKEN},200}}", text):
        raise InvalidSetting(
            f"AFTERWORD_METRICS_TOKEN must be {SHORTEST_TOKEN} to 200 letters, digits or signs, without spaces."
        )
    return text or None


def _public_url(text: str) -> str | None:
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidSetting("AFTERWORD_PUBLIC_URL must be a whole address, such as https://afterword.example.org.")
    return text.rstrip("/")


def _registration(text: str) -> str:
    if text not in REGISTRATIONS:
        raise InvalidSetting(f"AFTERWORD_REGISTRATION must be one of {', '.join(REGISTRATIONS)}.")
    return text


def _flag(name: str, text: str) -> bool:
    if text.lower() not in _TRUE + _FALSE:
        raise InvalidSetting(f"{name} must be true or false.")
    return text.lower() in _TRUE


def _networks(text: str) -> tuple[IpNetwork, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise InvalidSetting(
            f"AFTERWORD_ALLOWED_NETWORKS must be networks, such as 127.0.0.1/32,10.0.0.0/8: {error}."
        ) from None
