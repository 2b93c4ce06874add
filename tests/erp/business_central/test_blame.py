"""Whom a refused order is owed to: told by our own request, never by Business Central's text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from shared.erp.transport import Answer
from shared.errors import Rejected
from shared.model.sales_order import ItemCode, SalesOrderDraft
from tests.erp.business_central.drafts import address, coded, configuration, draft, draft_line
from tests.erp.business_central.far_end import Planned, answered, batch, erp, far_end, nothing, rows

FINE: Mapping[str, dict[str, Any]] = {
    "setup": {"localCurrencyCode": "EUR"},
    "items": {"number": "ITEM-001", "blocked": False},
    "customers": {"number": "C-NORTH", "blocked": "_x0020_"},
    "units": {"code": "PCS"},
    "taxes": {"code": "FULL"},
    "countries": {"code": "DE"},
    "currencies": {"code": "GBP"},
    "dimensions": {"code": "MIRAKL"},
}
ORDER = draft(origin="MIRAKL", lines=(draft_line(item_tax_group="FULL"),))


def shown(**rows_of: Answer) -> httpx.Response:
    return batch(*(rows_of.get(name, rows(row)) for name, row in FINE.items()))


async def refused(blame: Planned, order: SalesOrderDraft = ORDER, *, answer: Answer | None = None) -> Rejected:
    end = far_end(nothing(), answered(answer or coded("Internal_InvalidTableRelation")), blame)
    with pytest.raises(Rejected) as problem:
        await erp(end).sales_orders.place(order)
    assert end.calls == ["POST $batch", "POST salesOrders", "POST $batch"]
    return problem.value


@pytest.mark.parametrize(
    ("part", "subject"),
    [
        ("items", "items:item ITEM-001"),
        ("customers", "accounts:customer C-NORTH"),
        ("units", "items:unit PCS"),
        ("taxes", "taxes:tax code FULL"),
        ("countries", "countries:country DE"),
        ("dimensions", "channels:dimension value MIRAKL"),
    ],
)
async def test_a_code_that_is_not_there_is_its_mappings_fault(part: str, subject: str) -> None:
    problem = await refused(shown(**{part: rows()}))
    assert (problem.kind, problem.subject) == ("mapping_invalid", subject)
    assert problem.remedy


@pytest.mark.parametrize(
    ("part", "row", "subject"),
    [
        ("items", {"number": "item-001", "blocked": True}, "item ITEM-001"),
        ("customers", {"number": "C-NORTH", "blocked": "All"}, "customer C-NORTH"),
    ],
)
async def test_what_is_blocked_is_no_mappings_fault(part: str, row: dict[str, Any], subject: str) -> None:
    problem = await refused(shown(**{part: rows(row)}))
    assert (problem.kind, problem.subject) == ("erp_refused", subject)


async def test_the_local_currency_is_no_row_and_another_must_be_one() -> None:
    assert (await refused(shown())).subject == "order"
    order = draft(origin="MIRAKL", currency="JPY", lines=ORDER.lines)
    assert (await refused(shown(), order)).subject == "currencies:currency JPY"


@pytest.mark.parametrize(
    "blame",
    [
        httpx.Response(503),
        httpx.ReadTimeout,
        shown(items=coded("Authorization_Denied", status=404), units=coded("Internal_Any", status=500)),
    ],
)
async def test_where_the_lists_cannot_be_read_nobody_is_blamed(blame: Planned) -> None:
    problem = await refused(blame)
    assert (problem.kind, problem.subject) == ("erp_refused", "order")


async def test_the_text_is_shown_without_the_shopper_and_the_correlation() -> None:
    order = draft(origin="MIRAKL", lines=ORDER.lines, address=address(city="Tinytown"))
    text = "The field Ship-to City contains a value (TINYTOWN) for Shopper One."
    problem = await refused(shown(), order, answer=coded("Internal_InvalidTableRelation", text))
    assert "Internal_InvalidTableRelation" in problem.reason
    assert "The field Ship-to City" in problem.reason
    for hidden in ("TINYTOWN", "Shopper", "CorrelationId", "7f5c"):
        assert hidden not in problem.reason


async def test_a_charge_s_item_and_unit_are_the_charges_mappings_fault() -> None:
    shipping = draft_line(2, item=ItemCode("SHIPPING"), unit="EACH", purpose="shipping")
    order = draft(lines=(draft_line(), shipping))
    customer, unit = rows(FINE["customers"]), rows(FINE["units"])
    fine = (rows(FINE["setup"]), rows(FINE["items"]))
    rest = (rows(FINE["countries"]), rows(FINE["currencies"]))
    problem = await refused(batch(*fine, rows(), customer, unit, unit, *rest), order)
    assert problem.subject == "charges:item SHIPPING"
    problem = await refused(batch(*fine, rows({"number": "SHIPPING"}), customer, unit, rows(), *rest), order)
    assert problem.subject == "charges:unit EACH"


async def test_charges_that_are_accounts_are_looked_for_among_accounts() -> None:
    order = draft(lines=(draft_line(item_tax_group="FULL", purpose="shipping"),))
    settings = configuration(charge_lines="account")
    end = far_end(nothing(), answered(coded("Internal_RecordNotFound")), httpx.Response(503))
    with pytest.raises(Rejected):
        await erp(end, settings=settings).sales_orders.place(order)
    sets = [path.partition("?")[0].partition("/")[2] for path in end.paths]
    assert "accounts" in sets
    assert "items" not in sets
