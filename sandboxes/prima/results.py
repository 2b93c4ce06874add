"""The inner service: a request string in, a result string out; what is wrong with it stands in the result.

Observed: the status of stock, status and parse errors is on `Result`, of orders on each `Data`; `Company` is echoed;
a request that cannot be parsed is answered with the parser's error, and its RequestType as far as that was read.
Invented: what an unknown RequestType, company, or a request without `Data` is answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sandboxes.prima import availability, order_status
from sandboxes.prima.installation import Installation
from sandboxes.prima.markup import Node, NotWellFormed, document, held, parse
from sandboxes.prima.new_order import new_order
from sandboxes.prima.oddities import UNHEARD_OF, Oddity
from sandboxes.prima.rejections import UNPARSED
from sandboxes.prima.requests import ORDER_TYPES, Data, data_of, request_type
from sandboxes.prima.world import Company


def result(installation: Installation, company: str | None, text: str, now: datetime, oddity: Oddity) -> str:
    """`company` None: the default one."""
    world = installation.world
    received = held(text, world.code_page)
    installation.tally.lost_characters += sum(one != other for one, other in zip(text, received, strict=True))
    name = world.default_company if company is None else company
    try:
        root = parse(received)
    except NotWellFormed:
        return _refused(installation, name, request_type(received), "14586", UNPARSED)
    kind, known = root.get("RequestType", ""), world.company(name)
    if known is None:
        return _refused(installation, name, kind, "company", f"(E:906) Company {name} does not exist\n")
    if root.tag != "Request" or kind not in _ANSWERS:
        return _refused(installation, name, kind, "RequestType", f"(E:907) Request Type {kind} is not valid\n")
    data = data_of(root, kind, installation.tally)
    if not data:
        return _refused(installation, name, kind, "Data", "(E:908) The Request has no Data\n")
    return document(_Answers(installation, known, now, oddity).of(kind, data))


def _refused(installation: Installation, company: str, kind: str, reason: str, text: str) -> str:
    installation.tally.refusals[reason] += 1
    return document(_error(company, kind, text))


def _error(company: str, kind: str, text: str) -> Node:
    attributes = {"Company": company, "RequestType": kind, "RequestStatus": "ERROR", "Error": text}
    return Node("Result", attributes, [Node("RequestError", {"Error": text})])


class _Answers:
    def __init__(self, installation: Installation, company: Company, now: datetime, oddity: Oddity) -> None:
        self.installation = installation
        self.company = company
        self.now = now
        self.oddity = oddity

    def of(self, kind: str, data: Sequence[Data]) -> Node:
        answer: Node = getattr(self, _ANSWERS[kind])(kind, data)
        return answer

    def orders(self, kind: str, data: Sequence[Data]) -> Node:
        oddity, world = self.oddity.kind, self.installation.world
        rows = [
            new_order(
                self.installation,
                self.company,
                one,
                self.now,
                flipped=oddity == "vat_flipped",
                dev_mode=world.dev_mode or oddity == "dev_mode",
            )
            for one in data
        ]
        rows = [self._another(row) for row in rows] if oddity == "another_order" else rows
        return Node("Result", {"Company": self.company.id, "RequestType": kind}, rows)

    def status(self, kind: str, data: Sequence[Data]) -> Node:
        """The first number that is unknown makes the whole answer an error (invented)."""
        rows = []
        for one in data:
            number, word = one.text("OrderNumber"), UNHEARD_OF if self.oddity.kind == "unknown_word" else ""
            row = order_status.found(self.installation, self.company, number, self.now, status=word)
            if row is None:
                self.installation.tally.refusals["unknown order"] += 1
                return _error(self.company.id, kind, self.installation.world.unknown_order.format(number=number))
            rows.append(row)
        if self.oddity.kind == "broken_status":
            return _error(self.company.id, kind, order_status.BROKEN)
        rows = [self._another(row) for row in rows] if self.oddity.kind == "another_order" else rows
        return self._fine(kind, rows)

    def stock(self, kind: str, data: Sequence[Data]) -> Node:
        read = availability.selected if kind == "MultiAvailableToSell" else availability.in_range
        rows = [read(self.installation, self.company, one) for one in data]
        if self.oddity.kind == "partial_stock":
            rows = [Node("Data", {}, row.children[: len(row.children) // 9]) for row in rows]
        if self.oddity.kind == "double_rows":
            rows = [Node("Data", {}, [one for one in row.children for _ in (1, 2)]) for row in rows]
        return self._fine(kind, rows)

    def _fine(self, kind: str, rows: Sequence[Node]) -> Node:
        return Node("Result", {"Company": self.company.id, "RequestType": kind, "RequestStatus": "OK"}, rows)

    def _another(self, row: Node) -> Node:
        """The same answer about the order before, or about a number that nobody has."""
        own = row.attributes.get("OrderNumber", "")
        others = [one for one in self.installation.ever if one.number != own and one.deleted is None]
        number, unique = (others[-1].number, others[-1].unique_id) if others else ("99999999", "99999999")
        changed = {"OrderNumber": number, "TPGUID": number, "UniqueID": unique}
        status = {"RequestStatus": "OK"} if "RequestStatus" in row.attributes else {}
        kept = {name: changed.get(name, value) for name, value in row.attributes.items()}
        return Node("Data", {**kept, **status})


_ANSWERS: Mapping[str, str] = {
    **dict.fromkeys(ORDER_TYPES, "orders"),
    "OrderStatus": "status",
    "ProductAvailableToSell": "stock",
    "MultiAvailableToSell": "stock",
}
