"""The four kinds of links that a client opens: it sends, it receives, it asks, and it gets its answers."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID, uuid4

from proton import Delivery, Link, symbol

from local.broker import conditions
from local.broker.entities import Queue
from local.broker.lanes import Hold, Lock
from local.broker.management import Reply, Request, answer, read_request, write_reply
from local.broker.namespace import Namespace
from local.broker.primitives import Malformed
from local.broker.sections import parse, render, unpack
from local.broker.terms import Refused

MAX_MESSAGE = 256 * 1024
_CREDIT = 1000
_TICKS_1970 = 621355968000000000  # .NET counts 100 ns since the year 1


class Peer(Protocol):
    """The connection that a link belongs to, as far as its links need it."""

    namespace: Namespace

    def answers_to(self, link: Any, address: str) -> Answers | None: ...

    def receiving(self, name: str) -> Receiving | None: ...

    def touched(self) -> None: ...


class Sending:
    """The client sends to a queue."""

    def __init__(self, peer: Peer, link: Any, queue: Queue) -> None:
        self._peer, self._link, self._queue = peer, link, queue

    def opened(self) -> None:
        self._link.max_message_size = MAX_MESSAGE
        self._link.open()
        self._link.flow(_CREDIT)

    def transferred(self, delivery: Any, raw: bytes) -> None:
        """Take a message or a batch: all of it or none."""
        refusal = self._take(raw)
        if refusal is not None:
            delivery.local.condition = refusal
        delivery.update(Delivery.REJECTED if refusal is not None else Delivery.ACCEPTED)
        delivery.settle()
        self._link.flow(1)

    def _take(self, raw: bytes) -> Any:
        """The condition of a refusal, or None."""
        if len(raw) > MAX_MESSAGE:
            return conditions.condition(conditions.TOO_LARGE, f"the message is larger than {MAX_MESSAGE} bytes")
        try:
            self._peer.namespace.send(self._queue, [parse(one) for one in unpack(raw)])
        except (Refused, Malformed) as refusal:
            return conditions.condition(conditions.name_of(refusal), str(refusal))
        return None


class Receiving:
    """The client receives from a queue, or from the session that `hold` is about."""

    def __init__(self, peer: Peer, link: Any, queue: Queue) -> None:
        self.peer, self.link, self.queue = peer, link, queue
        self.hold: Hold | None = None
        self._open = False
        self._deletes = link.remote_snd_settle_mode == Link.SND_SETTLED  # receive and delete: settled as it is sent

    def opened(self, hold: Hold | None = None) -> None:
        self.hold = hold
        if hold is not None:
            said = symbol("com.microsoft:session-filter")
            self.link.source.filter.clear()
            self.link.source.filter.put_dict({said: hold.lane.session})
            milliseconds = self.peer.namespace.clock.to_wire(hold.until)
            self.link.properties = {symbol("com.microsoft:locked-until-utc"): milliseconds * 10_000 + _TICKS_1970}
        self.link.open()
        self._open = True
        self.peer.touched()

    def deliver(self) -> bool:
        """Send the next message if there is one and the client has room for it."""
        if not self._open or self.link.credit <= 0:
            return False
        lock = self.queue.receive(self.hold)
        if lock is None:
            return False
        self._send(lock)
        return True

    def deliver_all(self) -> None:
        while self.deliver():
            pass

    def _send(self, lock: Lock) -> None:
        namespace, link = self.peer.namespace, self.link
        until = lock.hold.until if lock.hold else lock.until
        delivery = link.delivery(lock.token.bytes_le)  # the lock token in .NET's order of bytes
        delivery.token = lock.token
        link.send(render(lock.entry.content, namespace.facts(self.queue, lock.entry, locked_until=until)))
        link.advance()
        namespace.operations["receives"] += 1
        if self._deletes:
            delivery.settle()
            self.queue.complete(lock.token)
        self.peer.touched()

    def settled(self, delivery: Any) -> None:
        """The client said what becomes of a delivery; it waits for the same outcome, settled, from us."""
        outcome = delivery.remote_state
        if not outcome and not delivery.settled:
            return
        try:
            if outcome:
                self._settle(delivery.token, outcome, delivery.remote)
            delivery.update(outcome)
        except Refused as refusal:
            delivery.local.condition = conditions.condition(conditions.name_of(refusal), str(refusal))
            delivery.update(Delivery.REJECTED)
        delivery.settle()

    def _settle(self, token: UUID, outcome: Any, said: Any) -> None:
        if outcome == Delivery.RELEASED:  # given back unread: no settlement in Service Bus's books
            self.queue.release(token)
            return
        self.peer.namespace.operations["settlements"] += 1
        if outcome == Delivery.ACCEPTED:
            self.queue.complete(token)
        elif outcome == Delivery.MODIFIED and not said.undeliverable:
            self.queue.abandon(token)
        elif outcome == Delivery.REJECTED:
            why = {str(key): value for key, value in ((said.condition and said.condition.info) or {}).items()}
            self.queue.dead_letter(token, why.get("DeadLetterReason"), why.get("DeadLetterErrorDescription"))
        else:
            raise Refused("this broker does not defer messages")

    def lost(self) -> None:
        """The session's lock expired: the link is of no more use."""
        self._open = False
        self.link.condition = conditions.condition(conditions.SESSION_LOST, "the session's lock has expired")
        self.link.close()
        self.peer.touched()

    def gone(self) -> None:
        """The client closed the link, or is gone: its session is free; other locks last until they expire."""
        self._open = False
        if self.hold is not None:
            self.queue.free(self.hold)


class Asking:
    """The client asks `$cbs`, or the management node of `queue`; the answer goes out on another link."""

    def __init__(self, peer: Peer, link: Any, address: str, queue: Queue | None) -> None:
        self._peer, self._link, self._address, self._queue = peer, link, address, queue

    def opened(self) -> None:
        self._link.open()
        self._link.flow(_CREDIT)

    def transferred(self, delivery: Any, raw: bytes) -> None:
        delivery.update(Delivery.ACCEPTED)
        delivery.settle()
        self._link.flow(1)
        answers = self._peer.answers_to(self._link, self._address)
        if answers is not None:
            message_id, properties, body = read_request(raw)
            answers.send(write_reply(message_id, self._answer(properties, body)))

    def _answer(self, properties: Any, body: Any) -> Reply:
        if self._queue is None:
            return Reply(202, text="Accepted")  # $cbs: every token is good
        associated = str(properties.get("associated-link-name"))

        def holds(session: str) -> Hold | None:
            receiving = self._peer.receiving(associated)
            hold = self._queue.hold_of(session) if self._queue else None
            return hold if hold is not None and hold.holder is receiving else None

        request = Request(self._queue, self._peer.namespace, body, holds)
        return answer(str(properties.get("operation")), request)


class Answers:
    """The client gets the answers to what it asks under the same address in the same AMQP session."""

    def __init__(self, link: Any, address: str) -> None:
        self.link, self.address = link, address

    def opened(self) -> None:
        self.link.open()

    def send(self, raw: bytes) -> None:
        delivery = self.link.delivery(uuid4().bytes)
        self.link.send(raw)
        self.link.advance()
        delivery.settle()
