"""A Finance & Supply Chain environment with its own books, and the adapter connected to it in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import httpx

from sandboxes.faults import FaultySandbox
from sandboxes.finance_supply_chain.controls import controls
from sandboxes.finance_supply_chain.sandbox import FinanceSupplyChain as Sandbox
from sandboxes.finance_supply_chain.worlds import CLIENT_ID, CLIENT_SECRET, demo
from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.finance_supply_chain.connect import open_erp
from shared.erp.surroundings import Surroundings
from shared.model.keys import OrderKey, derived_number, external_reference
from shared.model.order import Address
from shared.model.sales_order import CustomerDraft, DraftLine, ItemCode, SalesOrderDraft
from shared.model.shipment import ShippedWhen
from tests.contract.erp.world import Purpose, Wrong
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_lists import MemoryLists
from tests.fakes.sandbox_transport import SandboxTransport

COMPANY = "usmf"
STRANGE_ITEM, STOPPED_ITEM = "ITEM-999", "ITEM-998"
_SERVICES: Mapping[Purpose, str] = {"shipping": "SHIPPING", "fee": "FEE", "rounding": "ROUNDING"}
_WRONG_LINE: Mapping[Wrong, Mapping[str, Any]] = {
    "unknown item": {"item": ItemCode(STRANGE_ITEM)},
    "unknown tax": {"item_tax_group": "NONE"},
    "unknown unit": {"unit": "none"},
    "blocked item": {"item": ItemCode(STOPPED_ITEM)},
}
_WRONG_ORDER: Mapping[Wrong, Mapping[str, Any]] = {
    "unknown country": {"country": "XXX"},
    "unknown shipping method": {"delivery_mode": "NONE"},
    "blocked customer": {"customer": "MKP-HOLD"},
}
OrderNumbers = Literal["derived", "automatic"]


async def _secret(name: str, *, fresh: bool) -> str:
    return CLIENT_SECRET


class FinanceSupplyChainWorld:
    """See `tests/contract/erp/world.py`."""

    company = COMPANY
    read, change, remove = "read", "update", "delete"

    def __init__(self, order_numbers: OrderNumbers = "derived", shipped_when: ShippedWhen = "packing_slip") -> None:
        self.clock = VirtualClock()
        self.sandbox = Sandbox(demo())
        self.derived = order_numbers == "derived"
        self.sandbox.world.number_sequence = "manual" if self.derived else "automatic"
        self.create = "batch" if self.derived else "create"
        self.faulty = FaultySandbox(self.sandbox)
        self._controls = controls(self.sandbox)
        self.control("add_item", item=STOPPED_ITEM, stopped=True)
        transport = SandboxTransport(self.faulty, self.clock)
        configuration = Configuration(
            url=self.sandbox.world.resource,
            token_url="https://login.example.com/tenant/oauth2/v2.0/token",
            client_id=CLIENT_ID,
            client_secret="fo-client-secret",
            order_numbers=order_numbers,
            shipped_when=shipped_when,
        )
        self.ports = open_erp(
            configuration, Surroundings(httpx.AsyncClient(transport=transport), _secret, self.clock, MemoryLists())
        )
        self.erp = self.ports.sales_orders

    @property
    def ordinary(self) -> Sequence[str]:
        """The operations of placing an order of two lines, without the token's."""
        one_by_one = ("read", "create", "read", "create", "create", "read", "update")
        return ("batch", "read") if self.derived else one_by_one

    def draft(self, order: str = "N000001-A", **changes: Any) -> SalesOrderDraft:
        number = {} if self.derived else {"number": ""}
        return replace(_draft(order), **{**number, **changes})

    def line(
        self, number: int, *, item: str = "ITEM-001", purpose: Purpose = "item", quantity: str = "1", price: str = "1"
    ) -> DraftLine:
        return replace(_line(number, _SERVICES.get(purpose, item), quantity=quantity, price=price), purpose=purpose)

    def wrong(self, what: Wrong) -> SalesOrderDraft | str:
        draft = self.draft()
        lines = (replace(draft.lines[0], **_WRONG_LINE.get(what, {})), *draft.lines[1:])
        return replace(draft, lines=lines, **_WRONG_ORDER.get(what, {}))

    def customer(self, **changes: Any) -> CustomerDraft:
        return replace(_customer(), **changes)

    def strange_line(self) -> DraftLine:
        return replace(_line(1, STRANGE_ITEM), reference="N000001-A-strange")

    def make_known(self) -> None:
        self.control("add_item", item=STRANGE_ITEM)

    def reprice(self, item: str, price: str) -> None:
        self.control("trade_agreement", item=item, price=price)

    def calculate_totals(self) -> None:
        self.control("run_totals")

    def books(self) -> Sequence[dict[str, Any]]:
        """Every order ever created: number, reference, held, lines."""
        return list(self.control("books")["orders"])

    def complaints(self) -> dict[str, int]:
        """What the adapter sent and the real system would have ignored."""
        return dict(self.control("books")["ignored_inputs"])

    def customers(self) -> Sequence[dict[str, Any]]:
        """Every customer ever created through the entity."""
        return list(self.control("books")["customers"])

    def release(self, number: str) -> None:
        """Nobody has to."""

    def cancel_order(self, number: str) -> None:
        self.control("cancel_order", number=number)

    def cancel_line(self, number: str, reference: str) -> None:
        self.control("cancel_line", number=number, reference=reference)

    def delete_order(self, number: str) -> None:
        self.control("delete_order", number=number)

    def edit_line(self, number: str, reference: str, quantity: int) -> None:
        self.control("change_line", number=number, reference=reference, quantity=quantity)

    def ship(self, number: str, **content: Any) -> dict[str, Any]:
        return dict(self.control("ship", number=number, **content))

    def track(self, number: str, tracking: Sequence[str], **content: Any) -> None:
        self.control("track", number=number, tracking=list(tracking), **content)

    def correct_slip(self, slip: str, lines: Mapping[str, int]) -> None:
        self.control("correct_slip", slip=slip, lines=dict(lines))

    def invoice(self, number: str) -> None:
        self.control("invoice", number=number)

    def texts(self, number: str) -> str:
        row = self.sandbox.installation.header(COMPANY, number)
        assert row is not None, "a test looks at orders that stand"
        return "\n".join(str(value) for value in row.values.values())

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


def _customer() -> CustomerDraft:
    return CustomerDraft(
        company=COMPANY,
        account="NO-ABCDEFGHIJKLMNOPQ",
        group="30",
        currency="EUR",
        tax_group="FR",
        invoice_account="MKP-FR-EUR",
        first_name="Shopper",
        last_name="Seventeen",
        organization="",
        tax_number="",
        identification_number="",
        country="FRA",
        address=_draft("N000001-A").address,
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
