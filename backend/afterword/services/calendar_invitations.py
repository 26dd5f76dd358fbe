"""Calendar invitations: read for one account, and stored nowhere."""

from __future__ import annotations

from afterword.formats import calendar_invitation
from afterword.formats.calendar_invitation import CalendarInvitation
from afterword.services import accounts
from afterword.storage import accounts as stored_accounts
from afterword.storage import interviews
from afterword.storage.database import Session


def read(session: Session, account_id: str, text: str) -> tuple[CalendarInvitation, str | None]:
    """The invitation, and the id of the interview that was logged from an earlier version of it."""
    own_zone = accounts.find(session, account_id).time_zone
    own_addresses = stored_accounts.addresses_of(session, account_id)
    invitation = calendar_invitation.read(text, own_zone, own_addresses)
    logged = interviews.find_by_external_id(session, account_id, invitation.external_id)
    return invitation, logged.id if logged else None
