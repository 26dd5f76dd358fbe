"""`GET /metrics`: figures for Prometheus, told to whoever has the token, or without one to this machine."""

import hmac
from ipaddress import IPv6Address, ip_address
from typing import Any

from fastapi import APIRouter, Request, Response

from afterword import clock
from afterword.api.credentials import bearer
from afterword.api.deps import TheBackend
from afterword.config import Settings
from afterword.errors import Forbidden, Unauthenticated
from afterword.formats import prometheus
from afterword.services import metrics

routes = APIRouter(tags=["health"])

#: Whoever sends one of these speaks for somebody else, who may be anywhere.
FORWARDING = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
TEXT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}


@routes.get("/metrics", operation_id="get_metrics", response_class=Response, responses=TEXT)
def get_metrics(request: Request, backend: TheBackend) -> Response:
    """The queue, lateness, workers and endpoints, in the text format of Prometheus. With AFTERWORD_METRICS_TOKEN set it
    takes that token; without, it answers this machine only."""
    _require_operator(request, backend.settings)
    told = prometheus.text_of(metrics.families(backend.database, clock.now()))
    return Response(told, media_type=prometheus.CONTENT_TYPE)


def _require_operator(request: Request, settings: Settings) -> None:
    if settings.metrics_token is not None:
        if not hmac.compare_digest((bearer(request) or "").encode(), settings.metrics_token.encode()):
            raise Unauthenticated("Send what AFTERWORD_METRICS_TOKEN is set to, as `Authorization: Bearer …`.")
    elif not _is_this_machine(request):
        raise Forbidden(
            "Metrics are told to this machine only, and not through a proxy. To read them from elsewhere, set "
            "AFTERWORD_METRICS_TOKEN and send it as `Authorization: Bearer …`."
        )


def _is_this_machine(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in FORWARDING):
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
