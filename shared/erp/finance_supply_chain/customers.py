"""A shopper as a customer of Finance & Supply Chain (the port `Customers`): the derived account admits one only."""

from __future__ import annotations

from shared.erp.finance_supply_chain.batch import Post
from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.finance_supply_chain.odata import data_area, error_text
from shared.erp.finance_supply_chain.settling import is_conflict, named_field, refusal, written_conflict
from shared.erp.lengths import fitted
from shared.erp.microsoft.odata import literal
from shared.erp.transport import Answer
from shared.erp.withholding import withheld
from shared.errors import BridgeError, Rejected, Transient, UnknownOutcome
from shared.model.sales_order import CustomerDraft

CUSTOMERS = "CustomersV3"
STATE = "AddressState"
"""A code of F&O's set-up and free text in Mirakl: sent as a code only where the client's lengths name the field."""
_OPERATION = f"POST {CUSTOMERS}"


class FinanceSupplyChainCustomers:
    """The primary key (company, account) admits each shopper once, however often and by whomever it is created."""

    def __init__(self, connection: Connection, configuration: Configuration) -> None:
        self._connection = connection
        self._configuration = configuration

    async def ensure(self, customer: CustomerDraft) -> None:
        """One GET by key, and a POST where nothing is there; an error counts only where still nothing is there."""
        if await self._exists(customer):
            return
        answer = await self._connection.add(Post(CUSTOMERS, body(customer, self._configuration)))
        if answer.succeeded:
            return
        try:
            exists = await self._exists(customer)
        except Transient as problem:
            raise UnknownOutcome(
                f"{_OPERATION} was refused, but reading it back failed: {problem}",
                scope=problem.scope,
                retry_after=problem.retry_after,
            ) from problem
        if not exists:
            raise _refused(customer, answer)

    async def _exists(self, customer: CustomerDraft) -> bool:
        key = f"dataAreaId eq {literal(data_area(customer.company))} and CustomerAccount eq {literal(customer.account)}"
        return bool(await self._connection.read(CUSTOMERS, filter=key, select="CustomerAccount"))


def body(customer: CustomerDraft, configuration: Configuration) -> dict[str, str]:
    """Fields that have a value. Raises Rejected (`text_does_not_fit`) naming the field, never the text."""
    fields = {
        "CustomerAccount": customer.account,
        "CustomerGroupId": customer.group,
        "SalesCurrencyCode": customer.currency,
        "SalesTaxGroup": customer.tax_group,
        "InvoiceAccount": customer.invoice_account,
        "TaxExemptNumber": customer.tax_number,
        **_party(customer),
        **_address(customer, configuration),
        "PrimaryContactEmail": customer.alias,
    }
    fitting = {name: fitted(configuration.limits, name, text) for name, text in fields.items() if text}
    return {"dataAreaId": data_area(customer.company), **fitting}


def _party(customer: CustomerDraft) -> dict[str, str]:
    if customer.organization:
        return {
            "PartyType": "Organization",
            "OrganizationName": _plain(customer.organization),
            "OrganizationNumber": customer.identification_number,
        }
    first, last = _plain(customer.first_name), _plain(customer.last_name)
    return {
        "PartyType": "Person",
        "PersonFirstName": first if last else "",
        # Mandatory in F&O; a shopper may have given one name only.
        "PersonLastName": last or first or _plain(customer.address.name),
        "IdentificationNumber": customer.identification_number,
    }


def _address(customer: CustomerDraft, configuration: Configuration) -> dict[str, str]:
    address, coded = customer.address, STATE in configuration.limits
    street = (address.street_1, address.street_2, address.additional_info, "" if coded else address.state)
    return {
        "AddressStreet": "\n".join(_plain(text) for text in street if text.strip()),
        "AddressCity": _plain(address.city),
        "AddressZipCode": _plain(address.zip_code),
        "AddressCountryRegionId": customer.country,
        STATE: _plain(address.state) if coded else "",
    }


def _plain(text: str) -> str:
    return " ".join(text.split())


def _refused(customer: CustomerDraft, answer: Answer) -> BridgeError:
    if is_conflict(answer):
        return written_conflict(answer, operation=_OPERATION)
    text = withheld(error_text(answer) or "", customer)
    subject = f"customer {customer.account}" + (f", field {field}" if (field := named_field(text)) else "")
    return Rejected("erp_refused", subject=subject, reason=refusal(answer.status, text))
