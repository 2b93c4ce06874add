"""One installation's ports, over one gate."""

from __future__ import annotations

from shared.erp.prima.adapter import Prima
from shared.erp.prima.configuration import Configuration
from shared.erp.prima.connection import Connection
from shared.erp.prima.not_offered import NoCustomers, NoInvoices, NoShipments
from shared.erp.surroundings import Surroundings
from shared.ports.erp import Erp


def open_erp(configuration: Configuration, around: Surroundings) -> Erp:
    """Raises SettingsError."""
    connection = Connection(configuration, around)
    connection.check()
    orders = Prima(configuration, connection, around.clock)
    return Erp(
        sales_orders=orders,
        changes=orders,
        shipments=NoShipments(),
        customers=NoCustomers(),
        invoices=NoInvoices(),
    )
