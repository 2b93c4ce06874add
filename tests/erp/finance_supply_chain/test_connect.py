"""One environment's ports together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.erp.finance_supply_chain.connect import open_erp
from shared.errors import SettingsError
from tests.erp.finance_supply_chain.drafts import configuration, customer
from tests.erp.finance_supply_chain.far_end import around, collection, far_end, header_row
from tests.erp.finance_supply_chain.shipment_rows import AFTER, OURS


async def test_all_ports_share_one_token() -> None:
    end = far_end(collection(header_row()), collection(header_row()), collection(), collection(customer_row()))
    erp = open_erp(configuration(), around(end))
    await erp.sales_orders.find(company="usmf", number="NO-1", reference="")
    await erp.changes.shown(company="usmf", numbers=["NO-1"])
    await erp.shipments.since(company="usmf", after=AFTER, prefixes=OURS, known=frozenset())
    await erp.customers.ensure(customer())
    assert end.calls.count("token") == 1


def customer_row() -> dict[str, str]:
    return {"CustomerAccount": customer().account}


def test_what_cannot_be_kept_is_refused_at_start() -> None:
    with pytest.raises(SettingsError, match="delivery_note_field"):
        open_erp(replace(configuration(), delivery_note_field="MyNote"), around(far_end()))
