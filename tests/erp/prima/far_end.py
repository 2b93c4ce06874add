"""An installation whose answers are planned one by one, and the adapter connected to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import unescape

import httpx
from lxml import etree

from shared.erp.prima.adapter import Prima
from shared.erp.prima.configuration import Configuration
from shared.erp.prima.connection import Connection
from shared.erp.surroundings import Surroundings
from tests.erp.prima.codec.orders import UNIQUE_ID, order_data, result
from tests.erp.prima.drafts import RANGE, configuration
from tests.erp.prima.envelopes import replied
from tests.erp.prima.web_service import Planned, Vault, WebService, answer, sent_parts, service
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_lists import MemoryLists

NUMBER = RANGE.number(1)


@dataclass
class FarEnd:
    """`asked` are the requests so far, each as its RequestType and its order number."""

    service: WebService
    prima: Prima
    clock: VirtualClock = field(default_factory=VirtualClock)

    @property
    def asked(self) -> list[tuple[str, str]]:
        return [_named(request) for request in self.sent]

    @property
    def sent(self) -> list[str]:
        return [next(iter(sent_parts(one.content).values())) for one in self.service.posted]


def far_end(*planned: Planned | str, known: Configuration | None = None) -> FarEnd:
    """`planned` are inner replies, or answers as they are. One company, so that a call needs one part."""
    end = service(*(answer(replied(one)) if isinstance(one, str) else one for one in planned))
    clock = VirtualClock()
    known = known or configuration(names_company=False)
    around = Surroundings(httpx.AsyncClient(transport=httpx.MockTransport(end)), Vault(), clock, MemoryLists())
    return FarEnd(end, Prima(known, Connection(known, around), clock, lambda: UNIQUE_ID), clock)


def accepted(customer: str = "0000000001") -> str:
    return result(order_data(number=NUMBER, customer=customer))


def refused(error: str) -> str:
    return result(order_data("ERROR", number=NUMBER, error=error))


def status(word: str, *, number: str = NUMBER) -> str:
    return result(
        f'<Data OrderNumber="{number}" OrderStatus="{word}"/>', kind="OrderStatus", extra=' RequestStatus="OK"'
    )


def no_order(number: str = NUMBER) -> str:
    return broken(f"(E:16) Sales Order {number} does not exist")


def broken(error: str) -> str:
    inside = f'<RequestError Error="{error}"/>' if error else ""
    return result(inside, kind="OrderStatus", extra=' RequestStatus="ERROR"')


def _named(request: str) -> tuple[str, str]:
    root = etree.fromstring(unescape(request).partition("?>")[2])
    return root.get("RequestType"), root[0].get("OrderNumber")
