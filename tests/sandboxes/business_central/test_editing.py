"""Changing and deleting: with an etag, while it is a draft, and before anything of it was picked or has left."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.sandboxes.business_central.caller import Caller, error, line, order

ANY = {"if-match": "*"}


def created(caller: Caller, *lines: dict[str, object]) -> tuple[str, list[str]]:
    """Addresses of an order and of its lines."""
    found = caller.create(order(*lines))
    return f"salesOrders({found['id']})", [f"salesOrderLines({one['id']})" for one in found["salesOrderLines"]]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize("token", ["", "abc"])
def test_a_write_needs_an_etag(method: str, token: str) -> None:
    caller = Caller()
    address, _ = created(caller)
    headers = {"if-match": token} if token else {}

    assert error(caller.call(method, address, {"email": "a@example.com"}, headers=headers))[:2] == (
        400,
        "BadRequest_InvalidToken",
    )


def test_a_stale_etag_is_a_conflict_and_changes_nothing() -> None:
    caller = Caller()
    address, _ = created(caller)
    stale = {"if-match": caller.get(address)["@odata.etag"]}
    fresh = caller.call("PATCH", address, {"shipToCity": "Sampletown"}, headers=stale)

    assert (fresh.status, fresh.json()["shipToCity"]) == (200, "Sampletown")
    again = error(caller.call("PATCH", address, {"shipToCity": "Elsewhere"}, headers=stale))
    assert again == (409, "Request_EntityChanged", "Another user has already changed the record.")
    assert caller.get(address)["shipToCity"] == "Sampletown"
    assert caller.books()["conflicts"] == 1


def test_a_line_is_changed_added_and_deleted_and_the_order_is_totalled() -> None:
    caller = Caller()
    address, (one,) = created(caller)
    change = {"quantity": 3, "unitPrice": Decimal("19.90"), "discountPercent": 0}
    changed = caller.call("PATCH", one, change, headers=ANY)
    added = caller.call("POST", f"{address}/salesOrderLines", line(description2="2"))

    assert (changed.status, added.status) == (200, 201)
    assert added.json()["sequence"] == 20000
    assert caller.get(address)["totalAmountIncludingTax"] == Decimal("99.50")
    assert caller.call("DELETE", one, headers=ANY).status == 204
    assert caller.get(address)["totalAmountIncludingTax"] == Decimal("39.80")
    assert error(caller.call("DELETE", one, headers=ANY))[:2] == (404, "Internal_RecordNotFound")


@pytest.mark.parametrize("change", [{"sequence": 5}, {"lineType": "Account"}])
def test_some_things_of_a_line_never_change(change: dict[str, object]) -> None:
    caller = Caller()
    _, (one,) = created(caller)

    assert "cannot be modified" in error(caller.call("PATCH", one, change, headers=ANY))[2]


def test_a_deleted_order_is_gone_and_its_number_is_not_given_again() -> None:
    caller = Caller()
    address, _ = created(caller)

    assert caller.call("DELETE", address, headers=ANY).status == 204
    assert error(caller.call("GET", address))[:2] == (404, "Internal_RecordNotFound")
    assert caller.only_order()["deleted"] == caller.now
    assert caller.create()["number"] == "101002"


@pytest.mark.parametrize(
    ("method", "what"), [("PATCH", "order"), ("DELETE", "order"), ("PATCH", "line"), ("DELETE", "line")]
)
def test_what_is_released_is_not_edited(method: str, what: str) -> None:
    caller = Caller()
    address, (one,) = created(caller)
    caller.control("release", number="101001")
    content = {"shipToCity": "Sampletown"} if what == "order" else {"description2": "other"}

    assert caller.get(address)["status"] == "Open"
    status, code, text = error(caller.call(method, address if what == "order" else one, content, headers=ANY))
    assert (status, code) == (400, "Application_FieldValidationException")
    assert "Current value is 'Released'" in text
    caller.control("release", number="101001", reopen=True)
    answer = caller.call(method, address if what == "order" else one, content, headers=ANY)
    assert answer.status == (200 if method == "PATCH" else 204)


@pytest.mark.parametrize("control", ["pick", "ship"])
def test_what_was_picked_or_shipped_is_not_deleted(control: str) -> None:
    caller = Caller()
    address, (one,) = created(caller)
    caller.control(control, number="101001")

    assert caller.call("DELETE", address, headers=ANY).status == 400
    assert caller.call("DELETE", one, headers=ANY).status == 400
    assert caller.only_order()["deleted"] is None
    with pytest.raises(ValueError, match=r"Warehouse Activity|Quantity Shipped"):
        caller.control("delete_order", number="101001")


def test_the_clients_action_releases_and_any_other_is_not_there() -> None:
    caller = Caller({"release_action": "releaseOrder"})
    address, _ = created(caller)

    assert caller.call("POST", f"{address}/Microsoft.NAV.releaseOrder").status == 204
    assert caller.call("POST", f"{address}/Microsoft.NAV.releaseOrder").status == 204
    assert caller.only_order()["released"] is True
    assert caller.call("POST", f"{address}/Microsoft.NAV.release").status == 404


def test_two_writes_of_one_order_at_once_are_a_conflict() -> None:
    caller = Caller({"write_seconds": 2.0})
    address, _ = created(caller)

    assert error(caller.call("PATCH", address, {"shipToCity": "A"}, headers=ANY))[0] == 409
    caller.later(2)
    assert caller.call("PATCH", address, {"shipToCity": "A"}, headers=ANY).status == 200
