"""Whose turn it is: slots are given one by one to the account, and in it to the endpoint, that has the fewest."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Demand:
    """An endpoint that something is due to, and how many requests to it may still be begun."""

    endpoint_id: str
    account_id: str
    room: int


def fair_shares(
    demands: Sequence[Demand], by_endpoint: Mapping[str, int], by_account: Mapping[str, int], slots: int
) -> dict[str, int]:
    """How many of the slots each endpoint gets; `demands` come longest waiting first, which decides between equals.

    Each has its requests on their way counted, by endpoint and by account: who has many waits for who has few.
    """
    queues: dict[str, list[tuple[int, int]]] = {}
    for place, demand in enumerate(demands):
        if demand.room > 0:
            queues.setdefault(demand.account_id, []).append((by_endpoint.get(demand.endpoint_id, 0), place))
    turns = [(by_account.get(account, 0), queue[0][1], account) for account, queue in queues.items()]
    heapq.heapify(turns)
    for queue in queues.values():
        heapq.heapify(queue)
    shares: Counter[str] = Counter()
    while turns and slots > 0:
        busy, place, account = heapq.heappop(turns)
        shares[_serve(demands, queues[account], shares)] += 1
        slots -= 1
        if queues[account]:
            heapq.heappush(turns, (busy + 1, place, account))
    return dict(shares)


def _serve(demands: Sequence[Demand], queue: list[tuple[int, int]], shares: Mapping[str, int]) -> str:
    """The endpoint of this account whose turn it is; it comes again while it has room."""
    busy, place = heapq.heappop(queue)
    demand = demands[place]
    if shares.get(demand.endpoint_id, 0) + 1 < demand.room:
        heapq.heappush(queue, (busy + 1, place))
    return demand.endpoint_id
