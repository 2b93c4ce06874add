"""The fields of an order that the bridge reads, as Mirakl sends them: all optional, unknown ones ignored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict

from shared.mirakl.wire import amount, identifier, instant, text

T = TypeVar("T")


def _optional(read: Callable[[Any], T]) -> BeforeValidator:
    return BeforeValidator(lambda value: None if value is None else read(value))


Text = Annotated[str, BeforeValidator(text)]
Identifier = Annotated[str, BeforeValidator(identifier)]
Amount = Annotated[Decimal, BeforeValidator(amount)]
Instant = Annotated[datetime, BeforeValidator(instant)]
MaybeAmount = Annotated[Decimal | None, _optional(amount)]
MaybeInstant = Annotated[datetime | None, _optional(instant)]
Listed = BeforeValidator(lambda value: [] if value is None else value)


class _Wire(BaseModel):
    """Python mode only: pydantic's JSON mode reads numbers as float. An error never shows the value it met."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class TaxWire(_Wire):
    code: Text = ""
    rate: MaybeAmount = None
    amount: MaybeAmount = None
    total_amount: MaybeAmount = None


class FeeWire(_Wire):
    code: Text = ""
    amount: MaybeAmount = None


class CancelationWire(_Wire):
    quantity: MaybeAmount = None


class LineWire(_Wire):
    order_line_id: Identifier
    order_line_state: Identifier
    order_line_index: MaybeAmount = None
    offer_sku: Text = ""
    quantity: MaybeAmount = None
    price: MaybeAmount = None
    shipping_price: MaybeAmount = None
    taxes: Annotated[list[TaxWire], Listed] = []
    shipping_taxes: Annotated[list[TaxWire], Listed] = []
    fees: Annotated[list[FeeWire], Listed] = []
    cancelations: Annotated[list[CancelationWire], Listed] = []


class AddressWire(_Wire):
    """`country` is a label for people; `country_iso_code` is alpha-3."""

    firstname: Text = ""
    lastname: Text = ""
    company: Text = ""
    company_2: Text = ""
    street_1: Text = ""
    street_2: Text = ""
    additional_info: Text = ""
    zip_code: Text = ""
    city: Text = ""
    state: Text = ""
    country_iso_code: Text = ""
    phone: Text = ""
    phone_secondary: Text = ""


class OrganizationWire(_Wire):
    name: Text = ""
    identification_number: Text = ""
    tax_identification_number: Text = ""


class CustomerWire(_Wire):
    customer_id: Text = ""
    firstname: Text = ""
    lastname: Text = ""
    shipping_address: AddressWire | None = None
    organization: OrganizationWire | None = None


class ReferencesWire(_Wire):
    order_reference_for_seller: Text = ""


class OrderWire(_Wire):
    order_id: Identifier
    order_state: Identifier
    created_date: Instant
    commercial_id: Text = ""
    acceptance_decision_date: MaybeInstant = None
    currency_iso_code: Text = ""
    shipping_type_code: Text = ""
    shipping_deadline: MaybeInstant = None
    shipping_pudo_id: Text = ""
    customer: CustomerWire | None = None
    customer_notification_email: Text = ""
    references: ReferencesWire | None = None
    order_lines: list[LineWire]
    order_taxes: Annotated[list[TaxWire], Listed] = []
