"""What Finance & Supply Chain offers and promises, by how the client has set it up."""

from __future__ import annotations

from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.finance_supply_chain.saga import CALLS
from shared.model.sales_order import Capabilities

TITLE = "Dynamics 365 Finance & Supply Chain"


def capabilities(configuration: Configuration) -> Capabilities:
    derived = configuration.order_numbers == "derived"
    return Capabilities(
        name=TITLE,
        uniqueness="enforced" if derived else "looked_up",
        numbers="derived" if derived else "drawn",
        holds=True,
        settle=configuration.settle,
        lanes=configuration.lanes,
        cancels_lines=True,
        calls=4 if derived else CALLS,
    )
