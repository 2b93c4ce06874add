"""Prima's calls: one client for each company, all of them through one gate and never in quiet hours."""

from __future__ import annotations

from dataclasses import replace

from shared.erp.prima.configuration import Configuration
from shared.erp.prima.gate import Gate
from shared.erp.prima.quiet_hours import longest_left
from shared.erp.prima.soap import Soap
from shared.erp.surroundings import Surroundings
from shared.errors import Resting
from shared.model.keys import ERP_SCOPE


class Connection:
    """One installation, with all its companies."""

    def __init__(self, configuration: Configuration, around: Surroundings) -> None:
        self._configuration = configuration
        self._around = around
        self._gate = Gate(at_once=configuration.lanes, interval=configuration.minimum_interval)
        self._clients: dict[str, Soap] = {}

    def check(self) -> None:
        """A pinned WSDL that cannot be used stops the app as it starts. Raises SettingsError."""
        self._client(self._configuration.company).read_pinned()

    async def ask(self, request: str, *, company: str, operation: str, write: bool = False) -> str:
        """The reply to a request, both as XML text. Raises Resting, and as `Soap.ask`."""
        async with self._gate.turn(creating=write):
            left = longest_left(self._configuration.quiet_hours, self._around.clock.now())
            if left is not None:
                raise Resting("quiet hours", scope=ERP_SCOPE, retry_after=left)
            return await self._client(company).ask(request, operation=operation, write=write)

    def _client(self, company: str) -> Soap:
        """The company is a part of the envelope, and may be one of the operation."""
        sent = company if self._configuration.names_company else ""
        if sent not in self._clients:
            endpoint = replace(self._configuration.endpoint, company=sent)
            self._clients[sent] = Soap(endpoint=endpoint, http=self._around.http, secret=self._around.secret)
        return self._clients[sent]
