"""What the client's Business Central environment needs us to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from shared.erp.microsoft.tokens import Client

SCOPE = "https://api.businesscentral.dynamics.com/.default"
LENGTHS: Mapping[str, int] = {
    "customerNumber": 20,
    "billToCustomerNumber": 20,
    "shipToName": 100,
    "shipToContact": 100,
    "shipToAddressLine1": 100,
    "shipToAddressLine2": 50,
    "shipToCity": 30,
    "shipToState": 30,
    "shipToPostCode": 20,
    "shipToCountry": 10,
    "phoneNumber": 30,
    "description": 100,
    "description2": 50,
    "lineObjectNumber": 20,
    "number": 20,
    "displayName": 100,
    "addressLine1": 100,
    "addressLine2": 50,
    "city": 30,
    "state": 30,
    "postalCode": 20,
    "country": 10,
    "email": 80,
    "taxRegistrationNumber": 20,
}
"""Of the tables behind the API's pages (Microsoft's published source); they are the same in every environment."""

REMEDIES: Mapping[int, str] = {
    401: "renew the client secret, or enable the client id in Business Central (Microsoft Entra applications)",
    403: "give the application's card in Business Central its permission sets, and the app API.ReadWrite.All in Entra",
}
"""Of a call that is turned away at the door."""

Release = Literal["client_job", "action", "none"]
ChannelDimension = Literal["shortcut_1", "shortcut_2", "customer"]
ChargeLines = Literal["item", "account"]


@dataclass(frozen=True, slots=True)
class TrackingFields:
    """Where tracking numbers stand: any OData rows. `path` is behind the environment's address.

    In `path`, `{company}` stands for the company's id and `{company_name}` for its name, inside quotes. The others
    are the rows' fields; an empty one has none.
    """

    path: str
    order: str
    document: str
    number: str
    url: str = ""
    carrier: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """`url` is the environment (`https://api.businesscentral.dynamics.com/v2.0/<tenant>/<environment>`).

    `token_url` is Entra's full token address, `client_secret` the secret's name, never its value. `time_zone` is the
    companies': the order date is Mirakl's date there. `channel_dimension` says which global dimension takes the
    channel, or that the marketplace's customer brings it along. `release_action` is the bound action of the client's
    own that releases an order, where `release` is `action`.
    """

    url: str
    token_url: str
    client_id: str
    client_secret: str
    time_zone: ZoneInfo
    channel_dimension: ChannelDimension
    release: Release = "client_job"
    release_action: str = ""
    charge_lines: ChargeLines = "item"
    tracking: TrackingFields | None = None
    shoppers: bool = False
    settle: timedelta = timedelta(minutes=20)
    lanes: int = 4
    timeout_seconds: float = 30.0

    @property
    def client(self) -> Client:
        return Client(
            "Business Central", self.token_url, self.client_id, self.client_secret, SCOPE, self.timeout_seconds
        )
