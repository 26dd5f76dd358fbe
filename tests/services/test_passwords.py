"""Passwords."""

from __future__ import annotations

from afterword.services import passwords


def test_only_the_password_matches() -> None:
    kept = passwords.hashed("a long enough one")
    assert passwords.matches(kept, "a long enough one")
    assert not passwords.matches(kept, "A long enough one")
    assert passwords.hashed("a long enough one") != kept


def test_nobody_has_no_password() -> None:
    assert not passwords.matches(None, "nobody has this password, ever!")
    assert not passwords.matches("no hash at all", "x")
