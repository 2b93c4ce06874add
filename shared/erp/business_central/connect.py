"""One environment's ports, over one connection and one token."""

from __future__ import annotations

from shared.erp.business_central.adapter import BusinessCentral
from shared.erp.business_central.codes import Codes
from shared.erp.business_central.companies import Companies
from shared.erp.business_central.configuration import Configuration
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.customers import BusinessCentralCustomers
from shared.erp.business_central.invoices import BusinessCentralInvoices
from shared.erp.business_central.orders import Orders
from shared.erp.business_central.placing import Placing
from shared.erp.business_central.shipments import BusinessCentralShipments
from shared.erp.surroundings import Surroundings
from shared.ports.erp import Erp


def open_erp(configuration: Configuration, around: Surroundings) -> Erp:
    connection = Connection(configuration, around)
    companies, codes = Companies(connection, around.lists), Codes(connection, around.lists)
    orders = Orders(connection, codes, releases=configuration.release != "none")
    placing = Placing(configuration, connection, companies, codes, orders)
    sales = BusinessCentral(configuration, connection, companies=companies, orders=orders, placing=placing)
    return Erp(
        sales_orders=sales,
        changes=sales,
        shipments=BusinessCentralShipments(connection, companies, configuration.tracking),
        customers=BusinessCentralCustomers(connection, companies),
        invoices=BusinessCentralInvoices(connection, companies),
    )
