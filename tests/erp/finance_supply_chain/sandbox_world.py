"""A Finance & Supply Chain environment with its own books, and the adapter connected to it in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import httpx

from sandboxes.faults import FaultySandbox
from sandboxes.finance_supply_chain.controls import controls
from sandboxes.finance_supply_chain.sandbox import FinanceSupplyChain as Sandbox
from sandboxes.finance_supply_chain.worlds import CLIENT_ID, CLIENT_SECRET, demo
from shared.erp.finance_supply_chain.adapter import FinanceSupplyChain
from shared.erp.finance_supply_chain.configuration import Configuration
from shared.model.keys import OrderKey, derived_number, external_reference
from shared.model.order import Address
from shared.model.sales_order import DraftLine, ItemCode, SalesOrderDraft
from tests.fakes.clock import VirtualClock
from tests.fakes.sandbox_transport import SandboxTransport

COMPANY = "usmf"
STRANGE_ITEM = "ITEM-999"


async def _secret(name: str, *, fresh: bool) -> str:
    return CLIENT_SECRET


class FinanceSupplyChainWorld:
    """What the contract suite asks of every ERP; `create`, `read` and `change` are the sandbox's operations."""

    create, read, change = "batch", "read", "update"

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.sandbox = Sandbox(demo())
        self.faulty = FaultySandbox(self.sandbox)
        self._controls = controls(self.sandbox)
        transport = SandboxTransport(self.faulty, self.clock)
        self.erp = FinanceSupplyChain(
            configuration=self._configuration(),
            http=httpx.AsyncClient(transport=transport),
            secret=_secret,
            clock=self.clock,
        )

    def _configuration(self) -> Configuration:
        return Configuration(
            url=self.sandbox.world.resource,
            token_url="https://login.example.com/tenant/oauth2/v2.0/token",
            client_id=CLIENT_ID,
            client_secret="fo-client-secret",
        )

    def draft(self, order: str = "N000001-A", **changes: Any) -> SalesOrderDraft:
        return replace(_draft(order), **changes)

    def strange_line(self) -> DraftLine:
        return replace(_line(1, STRANGE_ITEM), reference="N000001-A-strange")

    def make_known(self) -> None:
        self.control("add_item", item=STRANGE_ITEM)

    def calculate_totals(self) -> None:
        self.control("run_totals")

    def books(self) -> Sequence[dict[str, Any]]:
        """Every order ever created: number, reference, held, lines."""
        return list(self.control("books")["orders"])

    def complaints(self) -> dict[str, int]:
        """What the adapter sent and the real system would have ignored."""
        return dict(self.control("books")["ignored_inputs"])

    def control(self, name: str, **content: Any) -> Any:
        return self._controls[name](content, self.clock.now())


def _draft(order: str) -> SalesOrderDraft:
    reference = external_reference("NO", order)
    return SalesOrderDraft(
        key=OrderKey("north-fr", order),
        number=derived_number("NO", "north", order),
        reference=reference,
        commercial_reference=order.rpartition("-")[0],
        company=COMPANY,
        customer="MKP-FR-EUR",
        currency="EUR",
        prices_include_tax=True,
        origin="MIRAKL",
        dimensions="",
        delivery_mode="STD",
        delivery_service="",
        country="FRA",
        address=Address(
            name="Shopper Seventeen",
            company="",
            street_1="Test Street 5",
            street_2="",
            additional_info="",
            zip_code="00017",
            city="Testville",
            state="",
            country="FRA",
            phone="+00 000 0017",
        ),
        pickup_point="",
        note="Ring twice",
        requested_shipping_date=date(2026, 3, 4),
        tax_group="FR",
        on_hold=False,
        lines=(_line(1, "ITEM-001"), _line(2, "SHIPPING", quantity="1", price="4.90")),
        total=Decimal("44.70"),
        tax=None,
    )


def _line(number: int, item: str, *, quantity: str = "2", price: str = "19.90") -> DraftLine:
    return DraftLine(
        number=number,
        reference=f"N000001-A-{number}",
        item=ItemCode(item),
        quantity=Decimal(quantity),
        unit="pcs",
        unit_price=Decimal(price),
        amount=Decimal(quantity) * Decimal(price),
        tax_group="FR",
        item_tax_group="FULL",
        site="1",
        warehouse="11",
        purpose="item" if item != "SHIPPING" else "shipping",
    )
