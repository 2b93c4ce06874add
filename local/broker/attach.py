"""From a client's attach to the kind of link it opens, or to a refusal that azure-servicebus understands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proton import Terminus, symbol

from local.broker import conditions
from local.broker.links import Answers, Asking, Peer, Receiving, Sending
from local.broker.terms import NotFound

Role = Sending | Receiving | Asking | Answers
_CBS, _MANAGEMENT = "$cbs", "/$management"
_SESSION_FILTER = symbol("com.microsoft:session-filter")
_TIMEOUT = symbol("com.microsoft:timeout")
_PATIENCE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A receiver of sessions: None as `session` means the next available one; `patience` is in seconds."""

    session: str | None
    patience: float


def role_of(peer: Peer, link: Any) -> Role:
    """Raises NotFound when there is no such entity."""
    link.source.copy(link.remote_source)
    link.target.copy(link.remote_target)
    link.snd_settle_mode, link.rcv_settle_mode = link.remote_snd_settle_mode, link.remote_rcv_settle_mode
    address = (link.remote_source if link.is_sender else link.remote_target).address or ""
    if not address:
        raise NotFound("The attach names no entity; this broker has no transactions.")
    if address == _CBS:
        return Answers(link, address) if link.is_sender else Asking(peer, link, address, None)
    if address.endswith(_MANAGEMENT):
        queue = peer.namespace.find(address.removesuffix(_MANAGEMENT))
        return Answers(link, address) if link.is_sender else Asking(peer, link, address, queue)
    queue = peer.namespace.find(address)
    return Receiving(peer, link, queue) if link.is_sender else Sending(peer, link, queue)


def wanted(link: Any) -> Wanted | None:
    """The session that a receiver asks for; None where it asks for none."""
    filters = link.remote_source.filter
    filters.rewind()
    found = filters.get_object() if filters.next() else None
    if not isinstance(found, dict) or _SESSION_FILTER not in found:
        return None
    session = found[_SESSION_FILTER]
    session = getattr(session, "value", session)  # some clients describe the filter's value
    patience = (link.remote_properties or {}).get(_TIMEOUT, _PATIENCE_MS)
    return Wanted(None if session is None else str(session), float(patience) / 1000)


def refuse(link: Any, name: str, text: str) -> None:
    """Answer with a null source or target before the error: a client that sees its own takes itself for attached."""
    (link.target if link.is_receiver else link.source).type = Terminus.UNSPECIFIED
    link.open()
    link.condition = conditions.condition(name, text)
    link.close()
