"""What ST01, ST23 and ST24 are told, and what each of their answers means for the whole call."""

from __future__ import annotations

import json
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from shared.errors import (
    BridgeError,
    FeatureOff,
    Rejected,
    Throttled,
    Unauthorized,
    Unavailable,
    UnknownOutcome,
)
from shared.exceptions import KINDS
from shared.mirakl.dialect import Answer
from shared.mirakl.multi_shipping import MiraklMultiShipping
from shared.model.shipment import Carrier, NewShipment, ShipmentAnswer
from shared.ports.marketplace import MultiShipping
from tests.mirakl.far_end import FarEnd, answering, client_of

HTML = b"<html>no such page</html>"
NUMBER = "1Z0000000000000042"
NEW = NewShipment("N1-A", "SLIP-1", (("N1-A-1", 2),), Carrier("CA1"), NUMBER, shipped=True)
Ask = Callable[[MultiShipping], Awaitable[Any]]


async def st01(port: MultiShipping) -> Any:
    return await port.create([NEW])


async def st11(port: MultiShipping) -> Any:
    return await port.shown(["N1-A"])


async def st23(port: MultiShipping) -> Any:
    return await port.track([("s1", Carrier("CA1"), NUMBER)])


async def st24(port: MultiShipping) -> Any:
    return await port.ship(["s1"])


def multi(far_end: FarEnd) -> MultiShipping:
    return MiraklMultiShipping(client_of(far_end))


async def sent(far_end: FarEnd) -> Any:
    (request,) = far_end.received
    return json.loads(await request.aread())


async def test_a_shipment_is_created_with_its_package_at_every_line() -> None:
    far_end = answering({"shipment_success": [{"order_id": "N1-A", "id": "s1"}], "shipment_errors": []}, 201)
    new = NewShipment(
        "N1-A",
        "SLIP-1",
        (("N1-A-1", 2), ("N1-A-2", 1)),
        Carrier(name="Courier", url="https://c.example.com"),
        "T1",
        shipped=True,
    )
    assert await multi(far_end).create([new]) == (ShipmentAnswer("N1-A", id="s1"),)
    assert await sent(far_end) == {
        "shipments": [
            {
                "order_id": "N1-A",
                "shipment_lines": [
                    {"order_line_id": "N1-A-1", "package_reference": "SLIP-1", "quantity": 2},
                    {"order_line_id": "N1-A-2", "package_reference": "SLIP-1", "quantity": 1},
                ],
                "shipped": True,
                "tracking": {
                    "carrier_name": "Courier",
                    "tracking_url": "https://c.example.com",
                    "tracking_number": "T1",
                },
            }
        ]
    }


async def test_without_a_carrier_it_is_created_and_not_shipped() -> None:
    far_end = answering({"shipment_success": [{"order_id": "N1-A", "id": "s1"}], "shipment_errors": []}, 201)
    await multi(far_end).create([NewShipment("N1-A", "SLIP-1", (("N1-A-1", 2),))])
    (shipment,) = (await sent(far_end))["shipments"]
    assert (shipment["shipped"], "tracking" in shipment) == (False, False)


async def test_tracking_and_shipping_go_by_the_shipments_id() -> None:
    done = {"shipment_success": [{"id": "s1"}], "shipment_errors": []}
    tracked, shipped = answering(done), answering(done)
    assert await st23(multi(tracked)) == (ShipmentAnswer("s1", id="s1"),)
    assert await st24(multi(shipped)) == (ShipmentAnswer("s1", id="s1"),)
    assert await sent(tracked) == {
        "shipments": [{"id": "s1", "tracking": {"carrier_code": "CA1", "tracking_number": NUMBER}}]
    }
    assert await sent(shipped) == {"shipments": [{"id": "s1"}]}


async def test_each_entry_has_its_own_answer() -> None:
    errors = [{"order_id": "N1-A", "message": f"The number {NUMBER} is invalid."}]
    far_end = answering({"shipment_success": [{"order_id": "N2-A", "id": "s2"}], "shipment_errors": errors}, 201)
    other = NewShipment("N2-A", "SLIP-2", (("N2-A-1", 1),))
    assert await multi(far_end).create([NEW, other]) == (
        ShipmentAnswer("N1-A", refused="The number *** is invalid."),
        ShipmentAnswer("N2-A", id="s2"),
    )


UNCLEAR: list[tuple[int, bytes]] = [
    (201, b"{}"),
    (201, b"null"),
    (201, b'{"shipment_success": [], "shipment_errors": []}'),
    (201, b'{"shipment_success": null, "shipment_errors": null}'),
    (201, b'{"shipment_success": [{"order_id": "N1-A"}], "shipment_errors": []}'),
    (201, b'{"shipment_success": [{"order_id": "N2-A", "id": "s2"}], "shipment_errors": []}'),
    (201, b'{"shipment_success": [{"id": "s1"}], "shipment_errors": [{"message": "no id"}]}'),
    (201, b""),
    (201, HTML),
    (201, b'{"shipment_success": [{"order_id": "N1-A", "id": "s1"'),
    (200, b'{"shipment_success": [{"order_id": "N1-A", "id": "s1"}], "shipment_errors": []}'),
    (202, b"{}"),
    (204, b""),
    (302, b""),
    (500, HTML),
    (502, b""),
]


@pytest.mark.parametrize(("status", "body"), UNCLEAR)
async def test_what_may_have_been_created_is_said_to_be_unknown(status: int, body: bytes) -> None:
    with pytest.raises(UnknownOutcome) as raised:
        await st01(multi(FarEnd([Answer(status, body)])))
    assert raised.value.scope.startswith("shop:north-de")


@pytest.mark.parametrize("ask", [st23, st24])
@pytest.mark.parametrize(("status", "body"), [(200, b"{}"), (200, HTML), (201, b"{}"), (204, b""), (500, HTML)])
async def test_the_others_say_so_as_well(ask: Ask, status: int, body: bytes) -> None:
    with pytest.raises(UnknownOutcome):
        await ask(multi(FarEnd([Answer(status, body)])))


WRITES: list[tuple[int, bytes, type[BridgeError]]] = [
    (404, b"", FeatureOff),
    (404, HTML, FeatureOff),
    (404, b'{"status": 404, "message": "Not Found"}', FeatureOff),
    (401, b"", Unauthorized),
    (403, b"{}", Unauthorized),
    (429, b"", Throttled),
    (400, HTML, UnknownOutcome),
    (400, b"", UnknownOutcome),
    (409, b"{}", UnknownOutcome),
    (405, HTML, UnknownOutcome),
    (400, b'{"message": "Bad Request", "status": 400}', Rejected),
    (400, b'{"code": "VALIDATION_ERROR"}', Rejected),
]


@pytest.mark.parametrize("ask", [st01, st23, st24])
@pytest.mark.parametrize(("status", "body", "meant"), WRITES)
async def test_what_a_refusal_of_the_whole_means(ask: Ask, status: int, body: bytes, meant: type[BridgeError]) -> None:
    with pytest.raises(meant) as raised:
        await ask(multi(FarEnd([Answer(status, body)])))
    assert type(raised.value) is meant


@pytest.mark.parametrize(
    ("status", "body", "meant"),
    [
        (404, HTML, FeatureOff),
        (401, b"", Unauthorized),
        (429, b"", Throttled),
        (500, HTML, Unavailable),
        (200, HTML, Unavailable),
    ],
)
async def test_what_a_failed_reading_means(status: int, body: bytes, meant: type[BridgeError]) -> None:
    with pytest.raises(meant) as raised:
        await st11(multi(FarEnd([Answer(status, body)])))
    assert type(raised.value) is meant


async def test_another_refusal_of_a_reading_may_be_asked_again() -> None:
    with pytest.raises(Unavailable) as raised:
        await st11(multi(FarEnd([Answer(400, b"{}")])))
    assert raised.value.scope == "shop:north-de:ST11"


@pytest.mark.parametrize("ask", [st01, st23, st24])
async def test_what_never_left_is_told_apart_from_what_may_have(ask: Ask) -> None:
    with pytest.raises(Unavailable):
        await ask(multi(FarEnd([httpx.ConnectError])))
    with pytest.raises(UnknownOutcome):
        await ask(multi(FarEnd([httpx.ReadTimeout])))


@pytest.mark.parametrize("ask", [st01, st23, st24])
async def test_a_refusal_of_the_whole_names_codes_and_fields_only(ask: Ask) -> None:
    error = {"code": "VALIDATION_ERROR", "field": "shipments[0].tracking", "message": f"{NUMBER} is wrong"}
    body = json.dumps({"message": f"{NUMBER} is wrong", "errors": [error]}).encode()
    with pytest.raises(Rejected) as raised:
        await ask(multi(FarEnd([Answer(400, body)])))
    assert (raised.value.kind, raised.value.subject) == ("shipment_refused", "VALIDATION_ERROR")
    assert raised.value.reason.endswith("with VALIDATION_ERROR for shipments[0].tracking.")
    assert raised.value.kind in KINDS
    assert NUMBER not in "".join(traceback.format_exception(raised.value))


async def test_nothing_to_tell_costs_no_call() -> None:
    far_end = answering({})
    port = multi(far_end)
    assert (await port.create([]), await port.track([]), await port.ship([]), await port.shown([])) == ((), (), (), ())
    assert far_end.received == []


async def test_what_could_not_be_matched_is_not_sent() -> None:
    far_end = answering({}, 201)
    port = multi(far_end)
    with pytest.raises(ValueError, match="ST01 takes each order_id once"):
        await port.create([NEW, NewShipment("N1-A", "SLIP-2", (("N1-A-2", 1),))])
    with pytest.raises(ValueError, match="ST24 takes each id once"):
        await port.ship(["s1", "s1"])
    with pytest.raises(ValueError, match="at most 1000"):
        await port.track([(f"s{number}", Carrier("CA1"), "T1") for number in range(1001)])
    assert far_end.received == []
