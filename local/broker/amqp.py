"""One client's connection: bytes between its socket and the AMQP engine, and the engine's events to its links."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from proton import Collector, Connection, Event, Transport

from local.broker import conditions
from local.broker.attach import Role, Wanted, refuse, role_of, wanted
from local.broker.links import Answers, Asking, Receiving, Sending
from local.broker.namespace import Namespace
from local.broker.terms import NotFound

log = logging.getLogger("local.broker")
_MAX_FRAME = 64 * 1024


class Switchboard(Protocol):
    """What joins the connections: messages that one of them sends go out on others."""

    namespace: Namespace
    clients: set[Client]

    def receives(self, receiving: Receiving, session: Wanted | None) -> None: ...

    def stops(self, receiving: Receiving) -> None: ...

    def touched(self, client: Client) -> None: ...

    def serve(self) -> None: ...

    def failed(self) -> None: ...


class Client(asyncio.Protocol):
    """Lives on the event loop's thread alone. A failure in here ends this connection, never the broker."""

    def __init__(self, switchboard: Switchboard) -> None:
        self.namespace = switchboard.namespace
        self._switchboard = switchboard
        self._roles: dict[Any, Role] = {}
        self.ended = asyncio.Event()
        self._socket: asyncio.Transport | None = None
        self._engine, self._collector = _engine()
        self._heartbeat: asyncio.TimerHandle | None = None
        self._events: Mapping[Any, Callable[[Any], None]] = {
            Event.CONNECTION_REMOTE_OPEN: _connection_opened,
            Event.CONNECTION_REMOTE_CLOSE: _close,
            Event.SESSION_REMOTE_OPEN: _open,
            Event.SESSION_REMOTE_CLOSE: self._session_closed,
            Event.LINK_REMOTE_OPEN: self._link_opened,
            Event.LINK_REMOTE_CLOSE: self._link_closed,
            Event.LINK_REMOTE_DETACH: self._link_closed,
            Event.LINK_FLOW: self._credit_changed,
            Event.DELIVERY: self._delivery_changed,
        }

    # ---- the socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._socket = transport
        self._switchboard.clients.add(self)

    def data_received(self, data: bytes) -> None:
        try:
            while data and (room := self._engine.capacity()) > 0:
                self._engine.push(data[:room])
                data = data[room:]
                self._dispatch()
        except Exception:
            log.exception("a connection is given up")
            self._switchboard.failed()
            self.abort()
        self.touched()
        self._switchboard.serve()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- asyncio's signature
        if self._heartbeat:
            self._heartbeat.cancel()
        self._socket = None
        self._switchboard.clients.discard(self)
        for link in list(self._roles):
            self._drop(link)
        self._switchboard.serve()
        self.ended.set()

    def flush(self) -> None:
        """Write what the engine has to say, heartbeats included."""
        if self._socket is None:
            return
        self._beat(self._engine.tick(asyncio.get_running_loop().time()))
        while (size := self._engine.pending()) > 0:
            self._socket.write(self._engine.peek(size))
            self._engine.pop(size)
        if size < 0:
            self._socket.close()

    def abort(self) -> None:
        """Break the connection off; the engine is not asked again."""
        if self._socket is not None:
            self._socket.abort()
            self._socket = None

    def _beat(self, due: float) -> None:
        if self._heartbeat:
            self._heartbeat.cancel()
        self._heartbeat = asyncio.get_running_loop().call_at(due, self.flush) if due else None

    # ---- for its links

    def touched(self) -> None:
        self._switchboard.touched(self)

    def answers_to(self, link: Any, address: str) -> Answers | None:
        session = link.session
        for role in self._roles.values():
            if isinstance(role, Answers) and role.address == address and role.link.session == session:
                return role
        return None

    def receiving(self, name: str) -> Receiving | None:
        for role in self._roles.values():
            if isinstance(role, Receiving) and role.link.name == name:
                return role
        return None

    # ---- the engine's events

    def _dispatch(self) -> None:
        while event := self._collector.peek():
            handle = self._events.get(event.type)
            if handle:
                handle(event.context)
            self._collector.pop()

    def _link_opened(self, link: Any) -> None:
        try:
            role = role_of(self, link)
        except NotFound as refusal:
            refuse(link, conditions.ENTITY_NOT_FOUND, str(refusal))
            return
        self._roles[link] = role
        if isinstance(role, Receiving):
            self._switchboard.receives(role, wanted(link))
        else:
            role.opened()

    def _link_closed(self, link: Any) -> None:
        self._drop(link)
        link.close()

    def _session_closed(self, session: Any) -> None:
        for link in [link for link in self._roles if link.session == session]:
            self._drop(link)
        session.close()

    def _drop(self, link: Any) -> None:
        role = self._roles.pop(link, None)
        if isinstance(role, Receiving):
            self._switchboard.stops(role)

    def _credit_changed(self, link: Any) -> None:
        role = self._roles.get(link)
        if isinstance(role, Receiving):
            role.deliver_all()
            if link.drain_mode:
                link.drained()

    def _delivery_changed(self, delivery: Any) -> None:
        """A transfer on a refused link has no role: the client sent it before it knew."""
        link = delivery.link
        role = self._roles.get(link)
        if isinstance(role, Receiving):
            if delivery.updated:
                role.settled(delivery)
        elif isinstance(role, Sending | Asking) and delivery.readable and not delivery.partial:
            raw = bytes(link.recv(delivery.pending))
            link.advance()
            role.transferred(delivery, raw)


def _engine() -> tuple[Any, Any]:
    """An AMQP engine for a client that need not say who it is, and the collector of its events."""
    engine, connection, collector = Transport(Transport.SERVER), Connection(), Collector()
    engine.max_frame_size = _MAX_FRAME
    sasl = engine.sasl()
    sasl.allow_insecure_mechs = True
    sasl.allowed_mechs("ANONYMOUS")
    connection.collect(collector)
    engine.bind(connection)
    return engine, collector


def _connection_opened(connection: Any) -> None:
    connection.container = "local-broker"
    connection.open()


def _open(endpoint: Any) -> None:
    endpoint.open()


def _close(endpoint: Any) -> None:
    endpoint.close()
