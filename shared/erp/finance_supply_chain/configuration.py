"""What the client's Finance & Supply Chain environment needs us to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from shared.erp.microsoft.tokens import Client
from shared.model.shipment import ShippedWhen

DEFAULT_LENGTHS: Mapping[str, int] = {
    "AddressCity": 60,
    "AddressStreet": 250,
    "AddressZipCode": 10,
    "CustomerAccount": 20,
    "CustomersOrderReference": 60,
    "CustomerRequisitionNumber": 20,
    "DeliveryAddressName": 60,
    "DeliveryAddressDescription": 60,
    "DeliveryAddressStreet": 250,
    "DeliveryAddressCity": 60,
    "DeliveryAddressZipCode": 10,
    "ExternalItemNumber": 20,
    "IdentificationNumber": 50,
    "OrderLineReference": 60,
    "OrganizationName": 100,
    "OrganizationNumber": 20,
    "PersonFirstName": 25,
    "PersonLastName": 25,
    "PrimaryContactEmail": 255,
    "SalesOrderName": 60,
    "TaxExemptNumber": 20,
    "URL": 255,
}
"""Inferred: `$metadata` carries no lengths; a client's own go into the setting."""


REMEDIES: Mapping[int, str] = {
    401: "renew the client secret, or register the client id in F&O (Microsoft Entra applications)",
    403: "give the application's F&O user the security role for sales orders",
}
"""Of a call that is turned away at the door."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """`url` is the environment (`https://….operations.dynamics.com`), `token_url` Entra's full token address.

    `client_secret` is the secret's name, never its value. `order_numbers` says whether the sales order number
    sequence lets us supply the number (`derived`) or draws its own (`automatic`). `lengths` are the environment's own
    field lengths.
    `shipped_when` says which documents count as shipments. `delivery_note_field` takes pick-up point and delivery
    instructions; `""` appends them to the address's street.
    """

    url: str
    token_url: str
    client_id: str
    client_secret: str
    order_numbers: Literal["derived", "automatic"] = "derived"
    settle: timedelta = timedelta(minutes=10)
    lanes: int = 1
    timeout_seconds: float = 30.0
    lengths: Mapping[str, int] = field(default_factory=lambda: DEFAULT_LENGTHS)
    delivery_note_field: str = "DeliveryAddressDescription"
    shipped_when: ShippedWhen = "packing_slip"

    @property
    def limits(self) -> Mapping[str, int]:
        """The environment's own length where the setting names it, else the default."""
        return {**DEFAULT_LENGTHS, **self.lengths}

    @property
    def client(self) -> Client:
        scope = f"{self.url.rstrip('/')}/.default"
        return Client("F&O", self.token_url, self.client_id, self.client_secret, scope, self.timeout_seconds)
