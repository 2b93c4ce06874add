"""The shopper of an order as OR11 and OR15 answer it: a person, an organization, addresses once they may be seen."""

from __future__ import annotations

from typing import Any

from sandboxes.mirakl.shoppers import Address, Organization, Shopper


def customer_json(shopper: Shopper, *, shown: bool) -> dict[str, Any]:
    return {
        "customer_id": shopper.customer_id,
        "civility": None,
        "firstname": shopper.firstname,
        "lastname": shopper.lastname,
        "locale": "en_US",
        "organization": _organization(shopper.organization, shown=shown),
        "billing_address": address_json(shopper.billing) if shown else None,
        "shipping_address": {
            **address_json(shopper.shipping),
            "additional_info": shopper.shipping.additional_info,
        }
        if shown
        else None,
    }


def _organization(organization: Organization | None, *, shown: bool) -> dict[str, Any] | None:
    """The name is always told, the rest with the addresses."""
    if organization is None:
        return None
    return {
        "organization_id": organization.id if shown else None,
        "name": organization.name,
        "identification_number": organization.identification_number if shown else None,
        "tax_identification_number": organization.tax_identification_number if shown else None,
        "address": None,
    }


def address_json(address: Address) -> dict[str, Any]:
    """What the shopper left out is null, but for the phone: Mirakl leaves that key out."""
    written_address: dict[str, Any] = {
        "civility": None,
        "firstname": address.firstname,
        "lastname": address.lastname,
        "company": address.company,
        "company_2": None,
        "street_1": address.street_1,
        "street_2": address.street_2,
        "zip_code": address.zip_code,
        "city": address.city,
        "state": address.state,
        "country": address.country,
        "country_iso_code": address.country_iso_code,
    }
    if address.phone is not None:
        written_address["phone"] = address.phone
    return written_address
