"""Whom an invitation names: by a name that is no address, because a share link shows names to strangers."""

from __future__ import annotations

import pytest

from support.invitations import an_event
from support.readings import people, read_for_me, said


@pytest.mark.parametrize(
    ("line", "person", "words"),
    [
        (
            "ATTENDEE:mailto:tess.adler@acme.example", ("tess.adler", "tess.adler@acme.example"),
            "tess.adler@acme.example has no name in it; they are called “tess.adler”, by what stands before the @.",
        ),
        ("ATTENDEE;CN=:mailto:tess@acme.example", ("tess", "tess@acme.example"), "they are called “tess”"),
        ("ATTENDEE;CN=tess@acme.example:mailto:tess@acme.example", ("tess", "tess@acme.example"), "called “tess”"),
        ("ATTENDEE;CN=Tess@Acme.example:mailto:tess@acme.example", ("Tess", "tess@acme.example"), "called “Tess”"),
        ("ATTENDEE;CN='tess@acme.example':mailto:tess@acme.example", ("tess", "tess@acme.example"), "called “tess”"),
        ("ATTENDEE;CN=<tess@acme.example>:mailto:tess@acme.example", ("tess", "tess@acme.example"), "called “tess”"),
        ("ATTENDEE;CN=tess@acme.example:mailto:desk@acme.example", ("tess", "desk@acme.example"), "called “tess”"),
        (
            "ATTENDEE;CN=tess@acme.example:urn:none", ("tess", "tess@acme.example"),
            "tess@acme.example stands in a name, and is taken as the address.",
        ),
        ('ATTENDEE;CN="mailto:tess@acme.example":urn:none', ("tess", "tess@acme.example"), "they are called “tess”"),
        ("ATTENDEE;CN=tess@acme:urn:none", ("tess", None), "tess@acme has no name in it; they are called “tess”"),
        (
            "ATTENDEE;CN=Tess Adler (tess@acme.example):urn:none", ("Tess Adler", "tess@acme.example"),
            "“Tess Adler (tess@acme.example)” is called “Tess Adler”, without the address.",
        ),
        (
            "ATTENDEE;CN=Tess <t@a.example>:mailto:tess@acme.example", ("Tess", "tess@acme.example"),
            "“Tess <t@a.example>” is called “Tess”, without the address.",
        ),
        ("ATTENDEE;EMAIL=tess@acme.example:urn:none", ("tess", "tess@acme.example"), "they are called “tess”"),
        ("ATTENDEE;CN=Tess @ Acme:mailto:tess@acme.example", ("Tess @ Acme", "tess@acme.example"), None),
        ("ATTENDEE;CN=Joe:urn:none", ("Joe", None), None),
        ("ATTENDEE;CN=@:urn:none", ("@", None), None),
    ],
)  # fmt: skip
def test_nobody_is_called_by_an_address(line: str, person: tuple[str, str | None], words: str | None) -> None:
    read = read_for_me(an_event(line, "LOCATION:Room 1"))
    assert people(read) == [person]
    assert said(read, words or "called") == (words is not None)


@pytest.mark.parametrize("name", ["x" * 300, "a " * 150, "x" * 195 + "@acme.example", f"{'x' * 190} tess@acme.example"])
def test_a_long_name_holds_no_part_of_an_address(name: str) -> None:
    ((told, _),) = people(read_for_me(an_event(f"ATTENDEE;CN={name}:mailto:tess@acme.example")))
    assert 0 < len(told) <= 200
    assert "@" not in told


def test_who_is_named_in_one_line_and_not_in_another_goes_by_the_name() -> None:
    read = read_for_me(
        an_event("ORGANIZER:mailto:tess@acme.example", "ATTENDEE;CN=Tess Adler:mailto:Tess@acme.example")
    )
    assert people(read) == [("Tess Adler", "tess@acme.example")]
    assert not said(read, "they are called")


def test_oneself_is_left_out_also_by_name_alone() -> None:
    assert people(read_for_me(an_event("ATTENDEE;CN=Me@mail.example:urn:none"))) == []


def test_machines_and_who_has_declined_are_left_out_by_the_address_in_a_name() -> None:
    read = read_for_me(
        an_event("ATTENDEE;CN=no-reply@acme.example:urn:none", "ATTENDEE;PARTSTAT=DECLINED:mailto:x@y.example")
    )
    assert people(read) == []
    assert said(read, "“no-reply@acme.example” is left out: nobody reads mail there.")
    assert said(read, "“x@y.example” is left out: they have declined.")
