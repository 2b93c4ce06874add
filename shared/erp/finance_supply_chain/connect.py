"""One environment's ports, over one connection and one token."""

from __future__ import annotations

import httpx

from shared.erp.finance_supply_chain.adapter import FinanceSupplyChain
from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.finance_supply_chain.customers import FinanceSupplyChainCustomers
from shared.erp.finance_supply_chain.shipments import FinanceSupplyChainShipments
from shared.erp.finance_supply_chain.tokens import Secret
from shared.ports.erp import Erp
from shared.ports.own import Clock


def open_erp(configuration: Configuration, http: httpx.AsyncClient, secret: Secret, clock: Clock) -> Erp:
    """Raises SettingsError."""
    orders = FinanceSupplyChain(configuration=configuration, http=http, secret=secret, clock=clock)
    return Erp(
        sales_orders=orders,
        changes=orders,
        shipments=FinanceSupplyChainShipments(orders.connection, configuration.shipped_when),
        customers=FinanceSupplyChainCustomers(orders.connection, configuration),
    )
