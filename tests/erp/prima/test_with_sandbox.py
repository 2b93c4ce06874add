"""Both layers against a whole installation: an order in, its status and stock out, and every way in which it fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx
import pytest

from sandboxes.faults import Fault, FaultySandbox
from sandboxes.prima.controls import controls
from sandboxes.prima.sandbox import Prima
from sandboxes.prima.worlds import demo, overridden
from shared.erp.prima.codec.letters import Policy
from shared.erp.prima.codec.order_document import OrderDocument
from shared.erp.prima.codec.order_reply import OrderReply, order_reply
from shared.erp.prima.codec.prima_errors import fingerprint
from shared.erp.prima.codec.request import (
    MULTI_AVAILABLE,
    MULTI_NEW_ORDER,
    ORDER_STATUS,
    PRODUCT_AVAILABLE,
    multi_available,
    new_order,
    order_status,
    product_available,
)
from shared.erp.prima.codec.sku import Sku
from shared.erp.prima.codec.status_reply import StatusReply, status_reply
from shared.erp.prima.codec.stock_reply import stock_reply
from shared.erp.prima.endpoint import Basic, Endpoint
from shared.erp.prima.markup import Unreadable
from shared.erp.prima.soap import Soap
from shared.errors import BridgeError, Throttled, Unauthorized, Unavailable, UnknownOutcome
from tests.fakes.clock import VirtualClock
from tests.fakes.sandbox_transport import SandboxTransport

NUMBER, IMPOSSIBLE = "20100001", "99999999"
STYLES = ("rpc-literal", "rpc-encoded", "doc-literal")


@dataclass
class Site:
    """One installation with its books, and a client for it."""

    settings: dict[str, Any] = field(default_factory=dict)
    company: str = ""

    def __post_init__(self) -> None:
        self.sandbox = Prima(overridden(demo(), self.settings))
        self.faulty = FaultySandbox(self.sandbox)
        self.clock = VirtualClock()
        self.connect(Endpoint(url="https://prima.example.com/wsalive/wsalive", company=self.company))

    def connect(self, endpoint: Endpoint) -> None:
        http = httpx.AsyncClient(transport=SandboxTransport(self.faulty, self.clock))
        self.soap = Soap(endpoint=endpoint, http=http, secret=_secret)

    async def order(
        self, order: OrderDocument | None = None, *, unique_id: str = "12345678", letters: Policy = "reference"
    ) -> OrderReply:
        sent = order or document()
        request = new_order(sent, unique_id=unique_id, letters=letters)
        text = await self.soap.ask(request, operation=MULTI_NEW_ORDER, write=True)
        return order_reply(text, number=sent.number, unique_id=unique_id)

    async def status(self, number: str = NUMBER, *, unknown: str = "") -> StatusReply:
        text = await self.soap.ask(order_status(number), operation=ORDER_STATUS, write=False)
        return status_reply(text, number=number, unknown=unknown)

    async def recorded(self) -> str:
        return fingerprint((await self.status(IMPOSSIBLE)).errors, number=IMPOSSIBLE)

    def books(self) -> Any:
        return controls(self.sandbox)["books"]({}, self.clock.now())

    def created(self) -> int:
        return len(self.books()["orders"])

    def fail(self, kind: str, operation: str) -> None:
        self.faulty.faults.append(Fault(kind, operation))


async def _secret(name: str, *, fresh: bool) -> str:
    assert name == "prima-secret"
    return "new" if fresh else "old"


def document(*, surname: str = "Sample", product: str = "ITEM-001", vat_inclusive: str = "Yes") -> OrderDocument:
    return OrderDocument(
        number=NUMBER,
        data={
            "CustomerSurname": surname,
            "CustomerRef": "N000001-A",
            "Country": "GB",
            "VatInclusive": vat_inclusive,
            "HoldOrder": "No",
        },
        header={"Currency": "GBP"},
        lines=({"OrderLine": "1", "Product": product, "Quantity": Decimal(2), "Price": Decimal("10.50")},),
    )


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("company", ["", "1"])
async def test_an_order_goes_in_and_is_found_again(style: str, company: str) -> None:
    site = Site({"style": style, "request_part": "pcIn", "response_part": "pcOut"}, company)
    reply = await site.order()
    assert (reply.accepted, reply.number, reply.company) == (True, NUMBER, "1")
    assert reply.customer_code.isdigit()
    status = await site.status()
    assert (status.known, status.word) == (True, "Received")
    order = site.books()["orders"][0]
    assert (order["reference"], len(order["lines"])) == ("N000001-A", 1)
    assert site.books()["ignored_inputs"] == {}


@pytest.mark.parametrize(
    ("order", "cause"),
    [
        (document(product="ITEM-999"), "E:194"),
        (document(vat_inclusive="No"), "E:548"),
        (document(surname=""), "E:901"),
    ],
)
async def test_a_refusal_names_its_cause(order: OrderDocument, cause: str) -> None:
    site = Site({"dev_mode": True})
    reply = await site.order(order)
    assert (reply.refused, reply.accepted, site.created()) == (True, False, 0)
    assert [error.code for error in reply.causes] == [cause]
    assert not any("DEV MODE" in error.text for error in reply.errors)


async def test_a_number_that_is_there_is_a_duplicate() -> None:
    site = Site()
    await site.order()
    again = await site.order(unique_id="87654321")
    assert (again.duplicate, [error.code for error in again.causes], site.created()) == (True, ["E:21"], 1)


@pytest.mark.parametrize(
    ("surname", "letters", "stored"),
    [
        ('Łukasz & "Zoë" <x>', "reference", 'Łukasz & "Zoë" <x>'),
        ("Łukasz & Zoë", "transliterate", "Lukasz & Zoë"),
        ("Zoë\x0b\x00", "refuse", "Zoë"),
    ],
)
async def test_no_letter_is_lost(surname: str, letters: Policy, stored: str) -> None:
    site = Site()
    assert (await site.order(document(surname=surname), letters=letters)).accepted
    assert site.sandbox.installation.order("1", NUMBER).label["CustomerSurname"] == stored  # type: ignore[union-attr]


@pytest.mark.parametrize("echoes", [True, False])
async def test_unknown_is_only_what_an_impossible_number_was_answered(echoes: bool) -> None:
    site = Site({"status_echoes_number": echoes})
    recorded = await site.recorded()
    assert (await site.status(unknown=recorded)).known is False
    assert (await site.status()).known is None
    await site.order()
    assert (await site.status(unknown=recorded)).known is True
    site.fail("broken_status", "status")
    assert (await site.status(unknown=recorded)).known is None


async def test_another_orders_data_is_never_ours() -> None:
    site = Site()
    recorded = await site.recorded()
    site.fail("another_order", "order")
    reply = await site.order()
    assert (reply.accepted, reply.refused, reply.matched, site.created()) == (False, False, False, 1)
    site.fail("another_order", "status")
    assert (await site.status(unknown=recorded)).known is None


async def test_a_wrong_company_is_no_answer_about_an_order() -> None:
    site = Site(company="9")
    reply = await site.order()
    assert (reply.accepted, reply.refused, reply.matched) == (False, False, False)
    assert (await site.status()).known is None


_NONE, _ONE = 0, 1


@pytest.mark.parametrize(
    ("fault", "expected", "created"),
    [
        ("fault_10893_before", UnknownOutcome, _NONE),
        ("fault_10893_after", UnknownOutcome, _ONE),
        ("fault_10921_before", UnknownOutcome, _NONE),
        ("fault_10921_after", UnknownOutcome, _ONE),
        ("error_before", UnknownOutcome, _NONE),
        ("error_after", UnknownOutcome, _ONE),
        ("gateway_after", UnknownOutcome, _ONE),
        ("reset_before", UnknownOutcome, _NONE),
        ("reset_after", UnknownOutcome, _ONE),
        ("hang_before", UnknownOutcome, _NONE),
        ("hang_after", UnknownOutcome, _ONE),
        ("html", UnknownOutcome, _NONE),
        ("html_after", UnknownOutcome, _ONE),
        ("truncated", UnknownOutcome, _ONE),
        ("late_commit", UnknownOutcome, _NONE),
        ("throttle", Throttled, _NONE),
        ("unauthorized", Unauthorized, _NONE),
        ("cut_inside", Unreadable, _ONE),
    ],
)
async def test_every_failure_of_a_write_leaves_it_open_unless_it_was_turned_away(
    fault: str, expected: type[Exception], created: int
) -> None:
    site = Site()
    site.fail(fault, "order")
    with pytest.raises(expected):
        await site.order()
    assert site.created() == created
    retried = await site.order(unique_id="87654321")
    assert (retried.accepted, retried.duplicate) == ((False, True) if created else (True, False))
    assert site.created() == 1


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("status", "fault_10893_before"),
        ("status", "fault_10921_before"),
        ("status", "error_before"),
        ("status", "hang_before"),
        ("status", "html"),
        ("wsdl", "error_before"),
        ("wsdl", "hang_before"),
        ("wsdl", "html"),
        ("wsdl", "truncated"),
    ],
)
async def test_what_only_reads_has_done_nothing(operation: str, fault: str) -> None:
    site = Site()
    site.fail(fault, operation)
    with pytest.raises(BridgeError) as failed:
        await site.status()
    assert type(failed.value) is Unavailable
    assert (await site.status(unknown=await site.recorded())).known is False


async def test_credentials_are_sent_where_they_are_asked_for() -> None:
    site = Site({"credentials": "bridge:new"})
    with pytest.raises(Unauthorized):
        await site.order()
    endpoint = Endpoint(
        url="https://prima.example.com/wsalive/wsalive", authorization=Basic("bridge", "prima-secret"), company="1"
    )
    site.connect(endpoint)
    assert (await site.order()).accepted


async def test_a_full_list_of_stock_is_read() -> None:
    site = Site({"styles": 600})
    text = await site.soap.ask(product_available(), operation=PRODUCT_AVAILABLE, write=False)
    found = stock_reply(text, request_type=PRODUCT_AVAILABLE)
    assert (found.ok, found.unreadable) == (True, 0)
    assert len(found.rows) == len({row.sku.key for row in found.rows}) > 5_400


async def test_stock_of_a_few_comes_in_the_order_asked_for() -> None:
    site = Site()
    await site.order()
    asked = [Sku("SHOE-01", ("f", "065", "", "")), Sku("ITEM-001")]
    text = await site.soap.ask(multi_available(asked), operation=MULTI_AVAILABLE, write=False)
    found = stock_reply(text, request_type=MULTI_AVAILABLE)
    assert [row.sku.key for row in found.rows] == [sku.key for sku in asked]
    assert [row.quantity for row in found.rows] == [500, 498]
