"""The attributes that the elements of an order are known to have (all observed in one public client's requests)."""

from __future__ import annotations

from collections.abc import Mapping


def _numbered(stem: str, last: int) -> list[str]:
    return [f"{stem}{number}" for number in range(1, last + 1)]


def _set(words: str, *numbered: list[str]) -> frozenset[str]:
    return frozenset([*words.split(), *(name for names in numbered for name in names)])


_DATA = _set(
    """UniqueId CustDef Customer TPGUID OrderNumber HoldOrder HoldOrderNarrative OrderChannel CustomerTitle
    CustomerForename CustomerSurname PostCode Country CustomerEmail CustomerPhone CustomerMobile CustomerFax
    CustomerRef VatInclusive Gender ReceiveMail ReceiveEmail ReceiveText ReceivePhone ReceiveMobile RentDetails
    DateOfBirth DelivAddrNo DeliveryFAO EntitlementCheck InvcAddrNo OrderType PaymentTerms Salesman SeasonDDValidation
    Wardrobe WorksNo WREmpCode WREmpDept WREmpRef1 WREmpRef2 WREmpRole""",
    _numbered("AddrLine", 6),
    _numbered("WROrdRef", 4),
)
_HEADER = _set(
    """B2B Brand SpecialInstructions ShippingInstructions SourceMedia OrderCategory OrderStatus Carrier CarrServ
    Currency OrderContact OrderDate OrderEmail OrderPaid PaymentOnOrder ProdConv Proforma Season SendToApproval"""
)
_INVOICE = _set(
    """InvoiceTitle InvoiceForename InvoiceSurname InvoicePostCode InvoiceCountry InvoiceEmail InvoicePhone
    InvoiceMobile InvoiceFax InvoiceFAO""",
    _numbered("InvoiceAddrLine", 6),
)
_LINE = _set(
    """OrderLine Product Quantity Price Promotion PromotionValue WebPrmCode LineNarrative LineReference DueDate
    EnhancementToLine ExtTaxVal Inventory LineSalesman Reserve TrDisc Warehouse WorksNo Voucher VchMethod VchGreetcard
    VchGreetMessage VchMessage VchName VchPostCode VchCntry VchEmail""",
    _numbered("MtrxCode", 4),
    _numbered("FIPSCode", 6),
    _numbered("FIPSValue", 6),
    _numbered("VchAddrLine", 6),
)
_PAYMENT = _set(
    """PayMethod SubPayMethod AuthRef AuthDate AuthTime TranAmount BankSort BankAccount ChequeNum PayProvider
    PayProviderStatus PayAuthRef PayAuthId LineRef TokenID CAVV ECI ATSData TransactionID AuthenticationStatus VchNumber
    FailureCount ExchCreditNo"""
)
PARTS: Mapping[str, frozenset[str]] = {
    "OrderHeaderData": _HEADER,
    "OrderInvoiceData": _INVOICE,
    "OrderLineData": _LINE,
    "OrderChargeData": _set("Charge ChargeValue"),
    "OrderPaymentData": _PAYMENT,
}
DATA: Mapping[str, frozenset[str]] = {
    "MultiNewOrder": _DATA,
    "NewOrder": _DATA,
    "OrderStatus": _set("OrderNumber"),
    "ProductAvailableToSell": _set("ProductFrom ProductTo"),
    "MultiAvailableToSell": _set(""),
}
SKU = _set("Product", _numbered("MtrxCode", 4))
LABEL = (
    *("CustomerTitle", "CustomerForename", "CustomerSurname", "DeliveryFAO"),
    *_numbered("AddrLine", 6),
    *("PostCode", "Country", "CustomerEmail", "CustomerPhone", "CustomerMobile"),
)
"""Whom an order is sent to."""
CONSENTS = (*sorted(name for name in _DATA if name.startswith("Receive")), "RentDetails")
"""Whether the shopper may be written to, called, or their details passed on."""
