"""The shopper's texts in the letters in which they are sent, and how to know them again in what Prima answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from shared.erp.form import plain
from shared.erp.prima.codec.letters import Policy, carried
from shared.erp.prima.codec.order_document import OrderDocument
from shared.erp.prima.configuration import ADDRESS_LINES
from shared.erp.prima.delivery import NOTES
from shared.erp.withholding import personal_values
from shared.model.order import Address
from shared.model.sales_order import CustomerDraft, SalesOrderDraft

_SENT = ("DeliveryFAO", "CustomerForename", "CustomerSurname", *ADDRESS_LINES, *NOTES)
"""Attributes in which a text may stand as no draft has it: a piece of it, or several together."""


def spelled(draft: SalesOrderDraft, letters: Policy) -> SalesOrderDraft:
    """In the letters that are sent, before anything is measured or broken over lines: `œ` may become two.

    Raises Rejected (`text_does_not_fit`) naming the field, never the text, for letters that the policy refuses.
    """
    return replace(
        draft,
        address=_spelled(draft.address, letters),
        pickup_point=carried(plain(draft.pickup_point), policy=letters, field="pick-up point"),
        note=carried(plain(draft.note), policy=letters, field="delivery note"),
        shopper=_customer(draft.shopper, letters) if draft.shopper else None,
    )


def sent_texts(draft: SalesOrderDraft, document: OrderDocument) -> frozenset[str]:
    """Personal data. `draft` is `spelled`, `document` what was made of it."""
    attributes = {**document.header, **document.data}
    pieces = {line for name in _SENT for line in str(attributes.get(name, "")).splitlines() if line.strip()}
    return frozenset(variant for text in personal_values(draft) | pieces for variant in _variants(text))


def _spelled(address: Address, letters: Policy) -> Address:
    texts = {one.name: getattr(address, one.name) for one in fields(Address)}
    return Address(**{name: carried(plain(text), policy=letters, field=name) for name, text in texts.items()})


def _customer(shopper: CustomerDraft, letters: Policy) -> CustomerDraft:
    names = ("first_name", "last_name", "organization", "tax_number", "identification_number", "alias")
    texts = {name: carried(plain(getattr(shopper, name)), policy=letters, field=name) for name in names}
    return replace(shopper, address=_spelled(shopper.address, letters), **texts)


def _variants(text: str) -> Iterator[str]:
    """As it was sent, and as a code page on Prima's side may leave it (inferred)."""
    yield text
    for handler in ("replace", "xmlcharrefreplace"):
        yield text.encode("latin-1", handler).decode("latin-1")
