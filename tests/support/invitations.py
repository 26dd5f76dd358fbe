"""Calendar invitations: those of the corpus, and small ones made of lines."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "data" / "invitations"


def corpus(name: str) -> str:
    return (CORPUS / f"{name}.ics").read_text()


def an_event(*lines: str, uid: str = "1@acme.example", no_start: bool = False) -> str:
    """A calendar with one event; the lines given begin on its sixth, and replace its own of the same names."""
    named = {line.split(":")[0].split(";")[0] for line in lines}
    usual = {"DTSTART": "DTSTART:20260303T190000Z", "SUMMARY": "SUMMARY:An interview"}
    rest = [line for name, line in usual.items() if name not in named and not (no_start and name == "DTSTART")]
    whole = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", f"UID:{uid}" if uid else "CLASS:PUBLIC", "PRIORITY:5",
        *lines, *rest, "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    return "\n".join(whole)


def an_interview(begins: datetime, *lines: str, uid: str = "1@acme.example", minutes: int = 45) -> str:
    """With Ana Ruiz of Acme, in the zone that `begins` is in."""
    zone, ends = begins.tzinfo, begins + timedelta(minutes=minutes)
    named = {line.split(":")[0] for line in lines}
    usual = {"ORGANIZER": "ORGANIZER;CN=Ana Ruiz:mailto:ana@acme.example", "SUMMARY": "SUMMARY:Interview at Acme"}
    return an_event(
        f"DTSTART;TZID={zone}:{begins:%Y%m%dT%H%M%S}",
        f"DTEND;TZID={zone}:{ends:%Y%m%dT%H%M%S}",
        *[line for name, line in usual.items() if name not in named],
        *lines,
        uid=uid,
    )
