"""A shopper as a customer of Business Central (the port `Customers`): the derived number admits one only."""

from __future__ import annotations

from shared.erp.business_central.companies import Companies, Company, UnknownCompany
from shared.erp.business_central.configuration import LENGTHS
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.odata import in_company, text
from shared.erp.business_central.refusals import is_changed, met_another, refusal
from shared.erp.business_central.rows import read
from shared.erp.form import plain
from shared.erp.lengths import fits, fitted
from shared.erp.microsoft.odata import Row, literal
from shared.erp.transport import Answer
from shared.errors import BridgeError, Rejected, Transient, UnknownOutcome
from shared.model.sales_order import CustomerDraft

CUSTOMERS = "customers"
_OPERATION = f"POST {CUSTOMERS}"


class BusinessCentralCustomers:
    """`number` is the table's primary key, where customers are numbered by hand."""

    def __init__(self, connection: Connection, companies: Companies) -> None:
        self._connection = connection
        self._companies = companies

    async def ensure(self, customer: CustomerDraft) -> None:
        """One look by number, and a POST where nothing is there; a refusal counts only where still nothing is there."""
        company = await self._company(customer)
        if await self._exists(company, customer):
            return
        answer = await self._connection.create(in_company(company.id, CUSTOMERS), body(customer))
        if answer.succeeded:
            return
        try:
            exists = await self._exists(company, customer)
        except Transient as problem:
            raise UnknownOutcome(
                f"{_OPERATION} was refused, but reading it back failed: {problem}",
                scope=problem.scope,
                retry_after=problem.retry_after,
            ) from problem
        if not exists:
            raise _refused(customer, answer)

    async def _company(self, customer: CustomerDraft) -> Company:
        try:
            return await self._companies.named(customer.company)
        except UnknownCompany as problem:
            raise Rejected("shop_misconfigured", subject=f"company {customer.company}", reason=str(problem)) from None

    async def _exists(self, company: Company, customer: CustomerDraft) -> bool:
        path = in_company(company.id, CUSTOMERS, filter=f"number eq {literal(customer.account)}", select="number")
        found = read(await self._connection.read(path, f"GET {CUSTOMERS}"), _number, CUSTOMERS)
        return customer.account.upper() in found


def body(customer: CustomerDraft) -> dict[str, str]:
    """Fields that have a value. Posting groups come from the client's template: the API has no field for them.

    Raises Rejected (`text_does_not_fit`) naming the field, never the text.
    """
    address = customer.address
    person = " ".join(plain(name) for name in (customer.first_name, customer.last_name) if name.strip())
    fields = {
        "number": customer.account,
        "displayName": plain(customer.organization) or person or plain(address.name),
        "type": "Company" if customer.organization else "Person",
        **_street(customer),
        # A country empties post code and city, and a post code fills in a city: each before what it changes.
        "country": customer.country,
        "postalCode": plain(address.zip_code),
        "city": plain(address.city),
        "state": plain(address.state),
        "email": customer.alias,
        "taxRegistrationNumber": plain(customer.tax_number),
        "currencyCode": customer.currency,
    }
    return {name: fitted(LENGTHS, name, value) for name, value in fields.items() if value}


def _street(customer: CustomerDraft) -> dict[str, str]:
    """The card has two lines; an order's own ship-to address is whole, whatever finds room here."""
    address = customer.address
    first, *rest = (plain(line) for line in (address.street_1, address.street_2, address.additional_info))
    second = ", ".join(line for line in rest if line)
    if not fits(LENGTHS, "addressLine2", second):
        return {"addressLine1": ", ".join(line for line in (first, second) if line)}
    return {"addressLine1": first, "addressLine2": second}


def _number(row: Row) -> str:
    return text(row, "number").upper()


def _refused(customer: CustomerDraft, answer: Answer) -> BridgeError:
    if is_changed(answer):
        return met_another(answer, operation=_OPERATION)
    reason = refusal(answer, customer)
    return Rejected("erp_refused", subject=f"customer {customer.account}", reason=reason)
