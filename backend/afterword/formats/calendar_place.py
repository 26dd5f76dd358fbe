"""Where an invitation asks to: a video link, a telephone, or a place."""

from __future__ import annotations

import re
from collections.abc import Callable

from afterword.formats.calendar_lines import Component, shown

#: Where people meet by video, by the ends of host names.
MEETING_HOSTS = (
    "bluejeans.com", "chime.aws", "gotomeet.me", "gotomeeting.com", "jit.si", "livestorm.co", "meet.google.com",
    "ringcentral.com", "skype.com", "teams.live.com", "teams.microsoft.com", "webex.com", "whereby.com", "zoom.us",
    "zoomgov.com",
)  # fmt: skip
LINKED = ("LOCATION", "URL", "CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "DESCRIPTION")
_HOST = re.compile(r"https?://([A-Za-z0-9.-]{1,253})", re.IGNORECASE)
_BY_PHONE = re.compile(r"tel:|\bphone\b|\btelephone\b", re.IGNORECASE)
_BY_VIDEO = re.compile(r"\bvideo|\bcall\b|\bonline\b|\bteams meeting\b|\bzoom\b|\bgoogle meet\b", re.IGNORECASE)


def format_of(event: Component, note: Callable[[str], None]) -> str:
    """The format of the interview; how it was told is noted."""
    place = event.value("LOCATION")
    dialled = any(each.value.lower().startswith("tel:") for each in event.all("CONFERENCE"))
    host = _meeting_host(event)
    if _BY_PHONE.search(place) or (dialled and not host):
        note(f"It is by phone: its place is {shown(place)}." if place else "It is by phone: it names a number to dial.")
        return "phone"
    if host or _BY_VIDEO.search(place):
        note(f"It is by video: it links to {host}." if host else f"It is by video: its place is {shown(place)}.")
        return "video"
    if place:
        note(f"It is on site: its place is {shown(place)}.")
    else:
        note("It names no place and no meeting link; it is taken to be on site.")
    return "onsite"


def _meeting_host(event: Component) -> str | None:
    for name in LINKED:
        for each in event.all(name):
            for host in _HOST.findall(each.value):
                known = next((end for end in MEETING_HOSTS if f".{host.lower()}".endswith(f".{end}")), None)
                if known:
                    return known
    return None
