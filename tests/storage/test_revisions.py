"""Which schemas a release may run on."""

from __future__ import annotations

import pytest

from afterword.storage.revisions import Revisions

OURS = Revisions(("0001", "0002", "0003"))


@pytest.mark.parametrize(
    ("found", "floor"),
    [("0003", None), ("0003", "0009"), ("0004", "0003"), ("0004", "0001"), ("0010_words", "0002"), ("0004", "0000")],
)
def test_it_runs_on_its_own_schema_and_on_newer_ones_that_are_open_to_it(found: str, floor: str | None) -> None:
    assert OURS.objection(found, floor) is None


@pytest.mark.parametrize(
    ("found", "floor", "told"),
    [
        (None, None, "revision none; this release needs 0003. Run `afterword migrate`"),
        ("0002", "0001", "revision 0002; this release needs 0003. Run `afterword migrate`"),
        ("0005", "0004", "revision 0005, on which only releases from 0004 on may run; this one knows none newer than"),
        ("0005", None, "only releases of its own may run"),
        ("0005", "next", "only releases from next on may run"),
        ("a1b2c3", "0001", "revision a1b2c3, which no release of Afterword has. Look whether DATABASE_URL"),
        ("0002_other", "0001", "which no release of Afterword has"),
        ("", "0001", "which no release of Afterword has"),
    ],
)
def test_it_refuses_every_other_and_says_what_to_do(found: str | None, floor: str | None, told: str) -> None:
    objection = OURS.objection(found, floor)
    assert objection is not None
    assert told in objection


def test_known_revisions_are_in_the_order_of_the_files_and_not_of_their_numbers() -> None:
    renumbered = Revisions(("0100", "0007"))
    assert not renumbered.is_newer("0100")
    assert renumbered.is_newer("0008")
    assert renumbered.reach("0100")
