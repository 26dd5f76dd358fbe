"""Signatures, checked with the reference library."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from afterword import clock
from afterword.formats.standard_webhook import headers, key_of, secret_of

SECRET = secret_of(bytes(range(32)))
PAYLOAD = {"type": "action.opened", "data": {"title": "Thank Zoë — “soon”"}}
BODY = json.dumps(PAYLOAD, ensure_ascii=False).encode()


def test_the_reference_library_verifies_what_we_sign() -> None:
    body = BODY
    sent = headers("evt_1", clock.now(), body, [SECRET])
    assert Webhook(SECRET).verify(body, sent) == PAYLOAD


def test_each_live_secret_verifies() -> None:
    other = secret_of(bytes(range(1, 33)))
    body = BODY
    sent = headers("evt_1", clock.now(), body, [other, SECRET])
    for secret in (other, SECRET):
        assert Webhook(secret).verify(body, sent) == PAYLOAD


@pytest.mark.parametrize("changed", ["body", "webhook-id", "webhook-timestamp"])
def test_nothing_signed_can_be_changed(changed: str) -> None:
    body = BODY
    sent = headers("evt_1", clock.now(), body, [SECRET])
    if changed == "body":
        body += b" "
    elif changed == "webhook-id":
        sent[changed] = "evt_2"
    else:
        sent[changed] = str(int(sent[changed]) + 1)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, sent)


def test_the_timestamp_does_not_depend_on_the_zone_it_is_given_in() -> None:
    moment = datetime(2026, 3, 8, 12, tzinfo=UTC)
    stamps = {
        headers("evt_1", moment.astimezone(zone), b"", [SECRET])["webhook-timestamp"]
        for zone in (UTC, ZoneInfo("America/New_York"), timezone(timedelta(hours=14)))
    }
    assert stamps == {"1772971200"}


@pytest.mark.parametrize("unsound", ["", "whsec_", "secret", "whsec_AAAA", "whsec_not base64", secret_of(bytes(65))])
def test_secrets_that_were_made_elsewhere_must_be_long_enough_and_well_formed(unsound: str) -> None:
    with pytest.raises(ValueError, match="whsec_"):
        key_of(unsound)


@pytest.mark.parametrize("length", [24, 32, 64])
def test_sound_secrets_are_taken(length: int) -> None:
    assert key_of(secret_of(bytes(length))) == bytes(length)
