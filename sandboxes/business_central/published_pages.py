"""Where a posted shipment's tracking number can be read: a page that the client published, or an API page of theirs.

API v2.0 has no such field. A page has the field names of BC's own client, an API page those that its author chose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sandboxes.business_central import odata_pages, odata_query
from sandboxes.business_central.edm import Property, Value
from sandboxes.business_central.entity_set import EntitySet
from sandboxes.business_central.errors import method_not_allowed, no_company, no_resource
from sandboxes.business_central.installation import Installation
from sandboxes.business_central.odata_pages import Found
from sandboxes.business_central.odata_path import Place, published, root
from sandboxes.business_central.reading import Reader, page, reader, shown
from sandboxes.business_central.world import Company, find
from sandboxes.wire import Request, Response

_FIELDS: tuple[tuple[str, str, Property], ...] = (
    ("number", "number", Property("No", "Code", 20)),
    ("orderNumber", "orderNumber", Property("Order_No", "Code", 20)),
    ("externalDocumentNumber", "externalDocumentNumber", Property("External_Document_No", "Code", 35)),
    ("customerNumber", "customerNumber", Property("Sell_to_Customer_No", "Code", 20)),
    ("postingDate", "postingDate", Property("Posting_Date", "Date")),
    ("shipmentMethodCode", "shipmentMethodCode", Property("Shipment_Method_Code", "Code", 10)),
    ("shippingAgentCode", "_agent", Property("Shipping_Agent_Code", "Code", 10)),
    ("shippingAgentServiceCode", "_agent_service", Property("Shipping_Agent_Service_Code", "Code", 10)),
    ("packageTrackingNumber", "_tracking", Property("Package_Tracking_No", "Text", 50)),
)
_PAGE = EntitySet("PostedSalesShipments", "PostedSalesShipments", {one.name: one for *_, one in _FIELDS})
_API = EntitySet(
    "postedSalesShipments",
    "postedSalesShipment",
    {
        "id": Property("id", "Guid"),
        **{name: replace(one, name=name) for name, _, one in _FIELDS},
        "lastModifiedDateTime": Property("lastModifiedDateTime", "DateTime"),
    },
)


@dataclass(frozen=True, slots=True)
class PublishedPages:
    installation: Installation

    def answer(self, request: Request, place: Place, now: datetime) -> Response:
        """Raises Refusal (404) for whatever nobody published."""
        if request.method != "GET":
            raise method_not_allowed(request.method, place.rest)
        view = reader(self.installation, request, now)
        company, entity_set = self._asked(place, view)
        query = odata_query.read(request, entity_set)
        rows = (self._row(found, entity_set) for found in self._shipments(company, view))
        found = page(request, query, rows, self.installation.world.page_size)
        content: dict[str, Any] = {"@odata.context": f"{root(request)}/$metadata#{entity_set.name}"}
        content["value"] = [shown(values, query.select, entity_set) for _, values in found.rows]
        if found.more:
            content["@odata.nextLink"] = odata_pages.next_link(request, root(request) + request.path, query, found)
        return Response.of(200, content)

    def _asked(self, place: Place, view: Reader) -> tuple[Company, EntitySet]:
        world, page_ = self.installation.world, published(place.rest)
        if page_ is not None and world.tracking_page and page_[1] == world.tracking_page:
            company = find(world.companies, page_[0])
            if company is None:
                raise no_company(page_[0])
            return company, _PAGE
        company_id = own_page(place, world.tracking_api)
        if company_id is None:
            raise no_resource(place.rest.rpartition("/")[2])
        return view.company(company_id), _API

    def _shipments(self, company: Company, view: Reader) -> list[Found]:
        rows = view.installation.shipments.ever
        found = ((row, row.as_of(view.then)) for row in rows if row.text("_company") == company.name)
        until = view.then or view.now
        return [
            (row.number, {**values, "_etag": f"{row.id};{row.version}"})
            for row, values in found
            if values is not None and (row.visible_from is None or row.visible_from <= until)
        ]

    def _row(self, found: Found, entity_set: EntitySet) -> Found:
        number, values = found
        own: Mapping[str, Value] = {"_etag": values["_etag"], "id": values["id"]}
        if entity_set is _PAGE:
            return number, {**own, **{one.name: values[source] for _, source, one in _FIELDS}}
        fields = {name: values[source] for name, source, _ in _FIELDS}
        return number, {**own, **fields, "lastModifiedDateTime": values["lastModifiedDateTime"]}


def own_page(place: Place, route: str) -> str | None:
    """The company's id where the address is that of the client's own API page (`publisher/group/version/set`)."""
    head, _, entity_set = route.rpartition("/")
    before, after = f"api/{head}/companies(", f")/{entity_set}"
    if not route or not place.rest.startswith(before) or not place.rest.endswith(after):
        return None
    return place.rest[len(before) : -len(after)]
