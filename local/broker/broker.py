"""The broker: listens, hands each message to a receiver with room for it, and wakes when something becomes due."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from local.broker import conditions
from local.broker.amqp import Client
from local.broker.attach import Wanted, refuse
from local.broker.clock import Clock
from local.broker.entities import Queue
from local.broker.lanes import Lane
from local.broker.links import Receiving
from local.broker.namespace import Namespace
from local.broker.terms import SessionHeld, Settings

_NO_SESSION = "An entity that requires sessions has only receivers of sessions."
_NO_SESSIONS = "This entity has no sessions."


@dataclass(slots=True, eq=False)
class _Waiting:
    """A receiver that waits for whichever session becomes available."""

    receiving: Receiving
    timer: asyncio.TimerHandle


class Broker:
    """All of it lives on the thread of the event loop that `start` ran on."""

    def __init__(self, queues: Iterable[Settings], clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.namespace = Namespace(queues, self.clock)
        self.clients: set[Client] = set()
        self.failures = 0
        self._competing: dict[Queue, deque[Receiving]] = defaultdict(deque)
        self._waiting: dict[Queue, deque[_Waiting]] = defaultdict(deque)
        self._touched: dict[Client, None] = {}
        self._alarm: asyncio.TimerHandle | None = None
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> int:
        """Listen on loopback; the port, a free one for 0."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Client(self), "127.0.0.1", port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        leaving = list(self.clients)
        for client in leaving:
            client.abort()
        await asyncio.gather(*(client.ended.wait() for client in leaving))
        if self._alarm is not None:
            self._alarm.cancel()

    def advance(self, seconds: float) -> None:
        """Move the broker's clock ahead and let happen what becomes due."""
        self.clock.advance(seconds)
        self._wake()

    # ---- receivers come and go

    def receives(self, receiving: Receiving, session: Wanted | None) -> None:
        queue = receiving.queue
        if queue.settings.requires_session != (session is not None):
            text = _NO_SESSION if session is None else _NO_SESSIONS
            refuse(receiving.link, conditions.NOT_ALLOWED, text)
        elif session is None:
            receiving.opened()
            self._competing[queue].append(receiving)
        elif not self._accept(receiving, session.session):
            loop = asyncio.get_running_loop()
            timer = loop.call_later(session.patience, self._give_up, receiving)
            self._waiting[queue].append(_Waiting(receiving, timer))

    def _accept(self, receiving: Receiving, session: str | None) -> bool:
        """False if it asks for the next available session and there is none."""
        try:
            hold = receiving.queue.accept(session, receiving)
        except SessionHeld as refusal:
            refuse(receiving.link, conditions.SESSION_HELD, str(refusal))
            return True
        if hold is not None:
            receiving.opened(hold)
        return hold is not None

    def _give_up(self, receiving: Receiving) -> None:
        self._forget(receiving)
        refuse(receiving.link, conditions.TIMEOUT, "no session became available in the time allotted")
        receiving.peer.touched()
        self.serve()

    def stops(self, receiving: Receiving) -> None:
        self._forget(receiving)
        receiving.gone()

    def _forget(self, receiving: Receiving) -> None:
        if receiving in self._competing[receiving.queue]:
            self._competing[receiving.queue].remove(receiving)
        for waiting in [one for one in self._waiting[receiving.queue] if one.receiving is receiving]:
            waiting.timer.cancel()
            self._waiting[receiving.queue].remove(waiting)

    # ---- messages go out

    def touched(self, client: Client) -> None:
        self._touched[client] = None

    def failed(self) -> None:
        self.failures += 1

    def serve(self) -> None:
        """After each turn: hand out what can be received now, write what is to be said, set the alarm."""
        while sum(self._serve(queue) for queue in self.namespace.all_queues()):
            pass  # what is handed out can make something due in a queue that was served already
        touched, self._touched = list(self._touched), {}
        for client in touched:
            client.flush()
        self._set_alarm()

    def _serve(self, queue: Queue) -> bool:
        """Whether there was anything new in this queue."""
        lost, stirred = queue.take_lost(), queue.take_stirred()
        for hold in lost:
            hold.holder.lost()
        for lane in stirred:
            self._hand_out(queue, lane)
        return bool(lost or stirred)

    def _hand_out(self, queue: Queue, lane: Lane) -> None:
        if lane.hold is not None:
            lane.hold.holder.deliver_all()
        elif queue.settings.requires_session:
            self._offer_sessions(queue)
        else:
            self._share(self._competing[queue])

    def _offer_sessions(self, queue: Queue) -> None:
        waiting = self._waiting[queue]
        while waiting and self._accept(waiting[0].receiving, None):
            accepted = waiting.popleft()
            accepted.timer.cancel()
            accepted.receiving.deliver_all()

    def _share(self, competing: deque[Receiving]) -> None:
        """One message each in turn, until none is left or nobody has room."""
        refusals = 0
        while refusals < len(competing):
            receiving = competing[0]
            competing.rotate(-1)
            refusals = 0 if receiving.deliver() else refusals + 1

    # ---- time

    def _set_alarm(self) -> None:
        when = self.namespace.next_time()
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = None
        if when is not None:
            self._alarm = asyncio.get_running_loop().call_later(max(0.0, when - self.clock()), self._wake)

    def _wake(self) -> None:
        self.namespace.catch_up()
        self.serve()
