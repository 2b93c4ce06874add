"""Through one gate, a new order waits for the call that is on its way and for no other."""

from __future__ import annotations

import asyncio

import httpx

from shared.erp.prima.codec.request import order_status
from shared.erp.prima.connection import Connection
from shared.erp.surroundings import Surroundings
from tests.erp.prima.drafts import COMPANY, configuration
from tests.erp.prima.envelopes import replied
from tests.erp.prima.web_service import Vault, sent_parts
from tests.erp.prima.wsdls import wsdl
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_lists import MemoryLists


class Slow:
    """Answers a call when other tasks have had their turns; `begun` are the requests in the order of their arrival."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.second = asyncio.Event()
        self.at_once = self.most = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, content=wsdl())
        self.begun.append(list(sent_parts(request.content).values())[-1])
        if len(self.begun) == 2:
            self.second.set()
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        for _ in range(10):
            await asyncio.sleep(0)
        self.at_once -= 1
        return httpx.Response(200, content=replied("<Result/>"))


async def test_a_new_order_overtakes_every_look_that_waits() -> None:
    far_end, known = Slow(), configuration()
    http = httpx.AsyncClient(transport=httpx.MockTransport(far_end))
    connection = Connection(known, Surroundings(http, Vault(), VirtualClock(), MemoryLists()))

    async def ask(request: str, *, write: bool) -> None:
        await connection.ask(request, company=COMPANY, operation="x", write=write)

    looks = [asyncio.create_task(ask(order_status(str(number)), write=False)) for number in range(6)]
    await far_end.second.wait()
    await asyncio.gather(ask("<Order/>", write=True), *looks)
    assert far_end.begun.index("<Order/>") == 2
    assert (len(far_end.begun), far_end.most) == (7, 1)
