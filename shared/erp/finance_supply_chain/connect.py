"""One environment's ports, over one connection and one token."""

from __future__ import annotations

from shared.erp.finance_supply_chain.adapter import FinanceSupplyChain
from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.finance_supply_chain.customers import FinanceSupplyChainCustomers
from shared.erp.finance_supply_chain.invoices import FinanceSupplyChainInvoices
from shared.erp.finance_supply_chain.shipments import FinanceSupplyChainShipments
from shared.erp.surroundings import Surroundings
from shared.ports.erp import Erp


def open_erp(configuration: Configuration, around: Surroundings) -> Erp:
    """Raises SettingsError."""
    connection = Connection(configuration, around)
    orders = FinanceSupplyChain(configuration, connection)
    return Erp(
        sales_orders=orders,
        changes=orders,
        shipments=FinanceSupplyChainShipments(connection, configuration.shipped_when),
        customers=FinanceSupplyChainCustomers(connection, configuration),
        invoices=FinanceSupplyChainInvoices(connection),
    )
