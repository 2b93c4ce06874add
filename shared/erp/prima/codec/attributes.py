"""The declarative attribute map: which attributes each element of a request has, in the order in which they go out.

Observed: the names, and that the one public client sends every attribute, blank where it has nothing. The schema is
not public, so a site's own map replaces this one.
"""

from __future__ import annotations

from collections.abc import Mapping

Template = Mapping[str, tuple[str, ...]]
"""By element name."""

ORDER, HEADER, INVOICE = "Data", "OrderHeaderData", "OrderInvoiceData"
LINE, CHARGE, PAYMENT = "OrderLineData", "OrderChargeData", "OrderPaymentData"


def _numbered(name: str, count: int) -> str:
    return " ".join(f"{name}{number}" for number in range(1, count + 1))


_TEXT: Mapping[str, str] = {
    ORDER: f"""
        UniqueId CustDef Customer TPGUID OrderNumber HoldOrder HoldOrderNarrative OrderChannel CustomerTitle
        CustomerForename CustomerSurname {_numbered("AddrLine", 6)} PostCode Country CustomerEmail CustomerPhone
        CustomerMobile CustomerFax CustomerRef VatInclusive Gender ReceiveMail ReceiveEmail ReceiveText ReceivePhone
        ReceiveMobile RentDetails DateOfBirth DelivAddrNo DeliveryFAO EntitlementCheck InvcAddrNo OrderType
        PaymentTerms Salesman SeasonDDValidation Wardrobe WorksNo WREmpCode WREmpDept WREmpRef1 WREmpRef2 WREmpRole
        {_numbered("WROrdRef", 4)}""",
    HEADER: """
        B2B Brand SpecialInstructions ShippingInstructions SourceMedia OrderCategory OrderStatus Carrier CarrServ
        Currency OrderContact OrderDate OrderEmail OrderPaid PaymentOnOrder ProdConv Proforma Season SendToApproval""",
    INVOICE: f"""
        InvoiceTitle InvoiceForename InvoiceSurname {_numbered("InvoiceAddrLine", 6)} InvoicePostCode InvoiceCountry
        InvoiceEmail InvoicePhone InvoiceMobile InvoiceFax InvoiceFAO""",
    LINE: f"""
        OrderLine Product {_numbered("MtrxCode", 4)} Quantity Price Promotion PromotionValue WebPrmCode LineNarrative
        LineReference DueDate EnhancementToLine ExtTaxVal {_numbered("FIPSCode", 6)} {_numbered("FIPSValue", 6)}
        Inventory LineSalesman Reserve TrDisc Warehouse WorksNo Voucher VchMethod VchGreetcard VchGreetMessage
        VchMessage VchName {_numbered("VchAddrLine", 6)} VchPostCode VchCntry VchEmail""",
    CHARGE: "Charge ChargeValue",
    PAYMENT: """
        PayMethod SubPayMethod AuthRef AuthDate AuthTime TranAmount BankSort BankAccount ChequeNum PayProvider
        PayProviderStatus PayAuthRef PayAuthId LineRef TokenID CAVV ECI ATSData TransactionID AuthenticationStatus
        VchNumber FailureCount ExchCreditNo""",
}
OBSERVED: Template = {element: tuple(names.split()) for element, names in _TEXT.items()}
