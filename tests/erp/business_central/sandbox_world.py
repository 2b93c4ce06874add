"""A Business Central environment with its own books, and the adapter connected to it in memory."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from sandboxes.business_central.controls import controls
from sandboxes.business_central.sandbox import BusinessCentral as Sandbox
from sandboxes.business_central.worlds import CLIENT_ID, CLIENT_SECRET, demo
from sandboxes.faults import FaultySandbox
from shared.erp.business_central.configuration import Configuration, TrackingFields
from shared.erp.business_central.connect import open_erp
from shared.erp.surroundings import Surroundings
from shared.model.keys import OrderKey, external_reference
from shared.model.order import Address
from shared.model.sales_order import CustomerDraft, DraftLine, ItemCode, SalesOrderDraft
from tests.contract.erp.world import Purpose, Wrong
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_lists import MemoryLists
from tests.fakes.sandbox_transport import SandboxTransport

COMPANY = "CRONUS"
STRANGE_ITEM, STOPPED_ITEM = "ITEM-999", "ITEM-998"
TRACKING = TrackingFields(
    path="ODataV4/Company('{company_name}')/PostedSalesShipments",
    order="Order_No",
    document="No",
    number="Package_Tracking_No",
    carrier="Shipping_Agent_Code",
    service="Shipping_Agent_Service_Code",
)
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


async def _secret(name: str, *, fresh: bool) -> str:
    return CLIENT_SECRET


class BusinessCentralWorld:
    """See `tests/contract/erp/world.py`. `terms` are more fields of the configuration."""

    company = COMPANY
    create, read, change, remove = "create", "batch", "update", "delete"
    ordinary = ("batch", "create")

    def __init__(self, **terms: Any) -> None:
        self.clock = VirtualClock()
        self.sandbox = Sandbox(demo())
        self.faulty = FaultySandbox(self.sandbox)
        self.lists = MemoryLists()
        self._controls = controls(self.sandbox)
        self.control("add_item", item=STOPPED_ITEM)
        self.control("block_item", item=STOPPED_ITEM)
        transport = SandboxTransport(self.faulty, self.clock)
        configuration = Configuration(
            url=f"{self.sandbox.world.resource}/v2.0/tenant/production",
            token_url="https://login.example.com/tenant/oauth2/v2.0/token",
            client_id=CLIENT_ID,
            client_secret="bc-client-secret",
            time_zone=ZoneInfo("Europe/Paris"),
            **{"channel_dimension": "shortcut_1", "tracking": TRACKING, "shoppers": True, **terms},
        )
        http = httpx.AsyncClient(transport=transport)
        self.ports = open_erp(configuration, Surroundings(http, _secret, self.clock, self.lists))
        self.erp = self.ports.sales_orders

    def draft(self, order: str = "N000001-A", **changes: Any) -> SalesOrderDraft:
        return replace(_draft(order), **changes)

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

    def release(self, number: str) -> None:
        self.control("release", number=number)

    def cancel_order(self, number: str) -> None:
        self.control("cancel_order", number=number)

    def cancel_line(self, number: str, reference: str) -> None:
        self.control("cancel_line", number=number, reference=reference)

    def delete_order(self, number: str) -> None:
        self.control("delete_order", number=number)

    def edit_line(self, number: str, reference: str, quantity: int) -> None:
        """A new quantity asks for the list's price: the person puts ours back."""
        (order,) = (one for one in self.books() if one["number"] == number)
        price = next(line["price"] for line in order["lines"] if line["reference"] == reference)
        self.control("change_line", number=number, reference=reference, quantity=quantity, price=price)

    def ship(self, number: str, **content: Any) -> dict[str, Any]:
        return dict(self.control("ship", number=number, **content))

    def track(self, number: str, tracking: Sequence[str], **content: Any) -> None:
        self.control("track", number=number, tracking=list(tracking), **content)

    def correct_slip(self, slip: str, lines: Mapping[str, int]) -> None:
        self.control("correct_slip", slip=slip, lines=dict(lines))

    def invoice(self, number: str) -> None:
        """Nothing is invoiced before all of the order has left."""
        with contextlib.suppress(ValueError):
            self.control("ship", number=number)
        self.control("invoice", number=number)

    def books(self) -> Sequence[dict[str, Any]]:
        """Every order ever created: number, reference, held, lines (comments are no lines of an order's)."""
        orders = self.control("books")["orders"]
        return [
            {**order, "lines": [line for line in order["lines"] if line["line_type"] != "Comment"]} for order in orders
        ]

    def customers(self) -> Sequence[dict[str, Any]]:
        """Every customer ever created through the API."""
        customers = self.control("books")["customers"]
        kinds = {"Company": "Organization"}
        return [{**one, "party_type": kinds.get(one["party_type"], one["party_type"])} for one in customers]

    def complaints(self) -> dict[str, int]:
        """What the adapter sent and the real system would have ignored."""
        return dict(self.control("books")["ignored_inputs"])

    def texts(self, number: str) -> str:
        installation = self.sandbox.installation
        row = installation.order(self.sandbox.world.companies[COMPANY], number)
        assert row is not None, "a test looks at orders that stand"
        lines = (line.values["description"] for line in installation.lines_of(row))
        return "\n".join(str(value) for value in (*row.values.values(), *lines))

    def control(self, name: str, **content: Any) -> Any:
        return self._controls[name](content, self.clock.now())


def _draft(order: str) -> SalesOrderDraft:
    return SalesOrderDraft(
        key=OrderKey("north-fr", order),
        number="",
        reference=external_reference("NO", order),
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
        tax_group="",
        on_hold=False,
        lines=(_line(1, "ITEM-001"), _line(2, "SHIPPING", quantity="1", price="4.90")),
        total=Decimal("44.70"),
        tax=None,
        ordered=datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
    )


def _customer() -> CustomerDraft:
    return CustomerDraft(
        company=COMPANY,
        account="NO-ABCDEFGHIJKLMNOPQ",
        group="",
        currency="EUR",
        tax_group="",
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
        unit="PCS",
        unit_price=Decimal(price),
        amount=Decimal(quantity) * Decimal(price),
        tax_group="",
        item_tax_group="FULL",
        site="",
        warehouse="11",
        purpose="shipping" if item == "SHIPPING" else "item",
    )
