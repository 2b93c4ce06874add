"""Prima, as the demo's client has it: its warehouse drops despatch files, and its price books include VAT.

Whoever gets despatch files lets no order's status tell that it has left: they tell what, with whom, and when.
"""

from __future__ import annotations

import json
from pathlib import Path

from local.demo.demo_erp import DemoErp, Exchange

_RANGES = {"north-main": "NM", "north-outlet": "NX", "south-main": "SM"}
_COLUMNS = {
    "order": "OrderNumber",
    "consignment": "Consignment",
    "line": "LineReference",
    "quantity": "Quantity",
    "carrier": "Carrier",
    "service": "Service",
    "tracking": "TrackingNumber",
}


def _setting(address: str) -> dict[str, object]:
    return {
        "kind": "prima",
        "url": f"{address}/wsalive/wsalive",
        "company": "1",
        "time_zone": "Europe/London",
        "price": "line",
        "vat_inclusive": True,
        "order_numbers": {shop: {"prefix": prefix, "digits": 6} for shop, prefix in _RANGES.items()},
        "order_category": "MIRAKL",
        "despatch_by_status": False,
    }


def files(folder: str) -> str:
    """The setting `DESPATCH_FILES`."""
    return json.dumps({"folder": folder, "columns": _COLUMNS, "encoding": "iso-8859-1"})


def _exchange(folder: Path) -> Exchange:
    despatch = str(folder / "despatch")
    return Exchange({"despatch_folder": despatch}, {"DESPATCH_FILES": files(despatch)})


PRIMA = DemoErp(
    kind="prima",
    title="Prima",
    setting=_setting,
    secrets={},
    place="order",
    look_up="status",
    reads=("status",),
    slip="consignment",
    warehouse={"two_numbers_share": 0.0},
    day={"tracking_within": "PT30M", "lanes": 2},
    exchange=_exchange,
    named_by="mentions",
    lacks={"cancel_line": "an order's status shows no lines, so that nobody sees that one of them was cancelled"},
    pointless={
        "saga": "the ERP takes an order as a whole and refuses its number a second time",
        "shipment_cursor": "the ERP lists no shipping documents: no cursor moves over them",
        "overlap": "the ERP lists no shipping documents: no reading begins where the last one ended",
        "package": "nearly every shipment is a whole order, and Mirakl itself refuses to ship a line twice",
    },
    lost=("fault_10893_after", "another_order", "cut_inside"),
    lists_shipments=False,
    accounts="told once",
    tax_mode="TAX_INCLUDED",
)
