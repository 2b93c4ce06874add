"""What one user may ask at once and in five minutes; who asks for more waits or is refused."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandboxes.business_central.errors import throttled
from sandboxes.business_central.installation import Installation


@dataclass
class Limits:
    """A sandbox answers at once, so a call that would wait is only counted; one for which there is no room is 429."""

    installation: Installation
    _asked: dict[str, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    _running: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def enter(self, client: str, now: datetime) -> None:
        """Raises Refusal (429) with the seconds after which there is room."""
        world = self.installation.world
        window = timedelta(seconds=world.requests_seconds)
        asked = self._asked[client]
        while asked and asked[0] <= now - window:
            asked.popleft()
        if len(asked) >= world.requests:
            raise throttled(max(1, int((asked[0] + window - now).total_seconds()) + 1))
        asked.append(now)
        self._take_place(client, now)

    def _take_place(self, client: str, now: datetime) -> None:
        world = self.installation.world
        running = [end for end in self._running[client] if end > now]
        if len(running) >= world.concurrent + world.queue:
            raise throttled(max(1, int((min(running) - now).total_seconds()) + 1))
        self.installation.tally.queued += len(running) >= world.concurrent
        if world.write_seconds > 0:
            running.append(now + timedelta(seconds=world.write_seconds))
        self._running[client] = running
