"""What the tests of despatch files, of orders whose status tells, and of shipments by hand share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shared.flows import read_despatch_files
from shared.flows.leaving import left_by_status
from shared.flows.read_despatch_files import Reading
from shared.model.despatch import DespatchSetting
from shared.model.keys import BRIDGE_SHOP, OrderKey
from shared.model.order import Snapshot
from shared.model.policy import ShippingPolicy
from shared.model.sales_order import ErpOrder
from shared.model.shipment import ErpShipment
from shared.model.steps import Step
from shared.ports.own import Change, OrderRecord
from tests.builders import NOW, line, order
from tests.fakes.despatch_files import MemoryDespatchFiles
from tests.flows.shipment_desk import HOUR, SHOP, Desk

COLUMNS = ("order", "consignment", "line", "product", "quantity", "carrier", "service", "tracking")
POLICY = ShippingPolicy(tracking_from="files")
TWO = {"L-1": "3", "L-2": "1"}
KEY = OrderKey(SHOP.id, "A")


def setting(**changes: Any) -> DespatchSetting:
    columns = {one: one for one in COLUMNS}
    return DespatchSetting.model_validate({"folder": "/drop", "columns": columns, **changes})


def text(*rows: str) -> str:
    return "\n".join([",".join(COLUMNS), *rows, ""])


@dataclass
class DespatchDesk:
    """One shop's orders in an ERP whose warehouse drops files; `desk` has the tables, the queue and the clock."""

    desk: Desk = field(default_factory=Desk)
    setting: DespatchSetting = field(default_factory=setting)
    policy: ShippingPolicy = POLICY

    def __post_init__(self) -> None:
        self.files = MemoryDespatchFiles(self.desk.clock)

    async def order(
        self, name: str = "A", drafted: Mapping[str, str] = TWO, *, number: str = "", **changed: Any
    ) -> DespatchDesk:
        """One whose lines the ERP was given in these quantities; Mirakl's lines are those before a `#`."""
        ids = dict.fromkeys(one.partition("#")[0] for one in drafted)
        lines = [
            line(id=one, index=at, sku=f"SKU-{at:03}", quantity=drafted.get(one, "1"))
            for at, one in enumerate(ids, start=1)
        ]
        self.desk.orders[name] = replace(order(id=name, lines=lines), **changed)
        steps = (
            Step("create_order", "done", reference=number or f"P-{name}", lines=tuple(ids)),
            Step(
                "confirm_shipment",
                "waiting",
                waiting_for="shipment",
                due=NOW + 48 * HOUR,
                lines=tuple(ids),
                expected=json.dumps(dict(drafted)),
            ),
        )
        change = Change(
            steps=steps,
            snapshot=Snapshot(NOW, {"order_id": name}, {}),
            lookup=(("erp_number", number or f"P-{name}"),),
        )
        await self.desk.progress.commit(OrderKey(SHOP.id, name), change)
        await self.desk.mapped()
        return self

    async def read(self, *rows: str, name: str = "out.csv", age: Any = None) -> int:
        """Drop a file, let it settle, and read."""
        self.files.drop(name, text(*rows))
        self.desk.clock.advance(age or self.setting.settled_after)
        return await self.look()

    async def look(self) -> int:
        ports = self.desk.ports
        shops = {one.id: one for one in self.desk.shops}
        return await read_despatch_files.run(Reading(shops, self.setting, self.policy, self.files, ports))

    async def status(self, *names: str, whole: bool = True, carrier: str = "DEFAULT") -> None:
        """The ERP shows the orders despatched, wholly or in part."""
        shown = {OrderKey(SHOP.id, name): self.despatched(name, whole, carrier) for name in names or ("A",)}
        await left_by_status.leave(shown, self.desk.shops, policy=self.policy, ports=self.desk.ports)

    async def status_alone(self, *names: str) -> None:
        """As `status`, and again when no file has come in time."""
        await self.status(*names)
        self.desk.clock.advance(self.policy.tracking_within)
        await self.status(*names)

    def despatched(self, name: str, whole: bool, carrier: str) -> ErpOrder:
        left = ErpShipment("", "", f"P-{name}", f"NO-{name}", self.desk.clock.now(), "", carrier, "", ())
        shown = ErpOrder(f"P-{name}", f"NO-{name}", "", "", "Despatched" if whole else "Part Despatched", False, ())
        return replace(shown, lines_shown=False, shipped=True, left=left if whole else None)

    async def change(self, name: str = "A", **fields: Any) -> None:
        key = OrderKey(SHOP.id, name)
        await self.desk.progress.commit(key, Change(**fields))

    async def record(self, name: str = "A") -> OrderRecord:
        return await self.desk.record(name)

    async def step(self, name: str = "A") -> Step:
        return await self.desk.step(name)

    async def left(self, name: str = "A") -> dict[str, dict[str, str]]:
        """Document -> line -> what has left."""
        shipments = (await self.record(name)).shipments
        return {one.erp.document: {each.reference: f"{each.shipped:f}" for each in one.erp.lines} for one in shipments}

    async def numbers(self, name: str = "A") -> dict[str, list[str]]:
        return {
            one.erp.document: [each.number for each in one.erp.tracking] for one in (await self.record(name)).shipments
        }

    async def told(self, name: str = "") -> Sequence[tuple[str, str]]:
        """Exceptions of an order, or of the bridge itself, as subject and reason."""
        key = OrderKey(SHOP.id, name) if name else OrderKey(BRIDGE_SHOP, "")
        return [
            (one.subject, one.reason)
            for one in (await self.desk.progress.load(key)).exceptions
            if one.kind == "despatch_row_refused"
        ]
