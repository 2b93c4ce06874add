"""What the conductor of a day may do to stock: offers and refusals by hand, imports that fail, stick or are late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sandboxes.mirakl import life_cycle
from sandboxes.mirakl.file_import import Fate, Meddling
from sandboxes.mirakl.offers import Change, Offer
from sandboxes.mirakl.sandbox import MiraklSandbox
from sandboxes.mirakl.stock_books import stock_entry
from sandboxes.mirakl.world import read_offer

Act = Callable[[MiraklSandbox, Mapping[str, Any]], Any]


def stock_acts() -> Mapping[str, Act]:
    """Each takes the sandbox and a JSON object, and answers plain JSON. Raises ValueError naming what is wrong.

    `add_offer`: `{"shop", …}` and the fields of a `WantedOffer`. `set_offer`: `{"shop", "sku"}` and any of `quantity`,
    `warehouses`, `withdrawn`, `deleted`. Both answer the offer's id and quantity. `refuse`: `{"platform", "order_id",
    "lines"?}`, a person refuses those waiting lines (all where none are named) and accepts the others on Mirakl's own
    pages. `fail_imports`, `stick_imports`, `delay_imports` (with `"seconds"`): `{"count"}` for the next ones, or
    `{"import_id"}`. `release_import`: `{"import_id"}` ends it now. `fail_offer_exports`: `{"count"}`. `stock_books`:
    `{}`, the part of the books about stock.
    """
    return {
        "add_offer": _add_offer,
        "set_offer": _set_offer,
        "refuse": _refuse,
        "fail_imports": _meddle("fails"),
        "stick_imports": _meddle("sticks"),
        "delay_imports": _meddle("late"),
        "release_import": _release_import,
        "fail_offer_exports": _fail_offer_exports,
        "stock_books": lambda sandbox, _: stock_entry(sandbox.assortment, sandbox.book),
    }


def _add_offer(sandbox: MiraklSandbox, content: Mapping[str, Any]) -> Any:
    fields = {name: value for name, value in content.items() if name != "shop"}
    shop = sandbox.world.shop(content.get("shop", ""))
    return _told(sandbox.assortment.offers.add(read_offer(fields), shop, sandbox.now, "by_hand"))


def _set_offer(sandbox: MiraklSandbox, content: Mapping[str, Any]) -> Any:
    offer = sandbox.assortment.offers.find(content.get("shop", ""), content.get("sku", ""))
    if offer is None:
        raise ValueError("there is no such offer: name shop (north/2001) and sku as in the books")
    if content.get("deleted"):
        offer.delete(sandbox.now, "by_hand", "")
        return _told(offer)
    offer.deleted = bool(content.get("deleted", offer.deleted))
    offer.withdrawn = bool(content.get("withdrawn", offer.withdrawn))
    split = {code: int(quantity) for code, quantity in content.get("warehouses", {}).items()}
    quantity = sum(split.values()) if split else int(content.get("quantity", offer.quantity))
    kept = split or ({} if "quantity" in content else offer.warehouses)
    offer.stand(Change(sandbox.now, "by_hand", "", quantity), kept)
    return _told(offer)


def _told(offer: Offer) -> Any:
    return {"offer_id": offer.id, "quantity": offer.quantity}


def _refuse(sandbox: MiraklSandbox, content: Mapping[str, Any]) -> Any:
    order = sandbox.book.get(content.get("platform", ""), content.get("order_id", ""))
    if order is None or order.state != "WAITING_ACCEPTANCE":
        raise ValueError("there is no such order that waits: name platform and order_id as in the books")
    waiting = [line.id for line in order.lines_in("WAITING_ACCEPTANCE")]
    refused = content.get("lines") or waiting
    life_cycle.decide_by_hand(order, {line: line not in refused for line in waiting}, sandbox.now)
    sandbox.book.changed(order)
    return {"state": order.state}


def _meddle(fate: Fate) -> Act:
    def act(sandbox: MiraklSandbox, content: Mapping[str, Any]) -> Any:
        imports = sandbox.assortment.imports
        meddling = Meddling(fate, timedelta(seconds=float(content.get("seconds", 0))))
        if "import_id" in content:
            imports.meddle(imports.named(str(content["import_id"])), meddling)
        else:
            imports.meddling.extend([meddling] * int(content.get("count", 1)))
        return {}

    return act


def _release_import(sandbox: MiraklSandbox, content: Mapping[str, Any]) -> Any:
    imports = sandbox.assortment.imports
    imports.release(imports.named(str(content.get("import_id", ""))), sandbox.now)
    sandbox.advance(sandbox.now)
    return {}


def _fail_offer_exports(sandbox: MiraklSandbox, content: Mapping[str, Any]) -> Any:
    sandbox.assortment.exports.failing += int(content.get("count", 1))
    return {}
