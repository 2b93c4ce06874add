"""A despatch file's rows by whom they are of: an order, an order in doubt that is waited for, or nobody. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.flows.despatching.whose_row import InDoubt, Nobody
from shared.model.despatch import DespatchRow
from shared.model.keys import OrderKey
from shared.rules.despatch_rows import Refused, Rows

Owner = OrderKey | InDoubt | Nobody
_WHY = {"unknown": "is of no order on record", "several": "is of several orders on record; name the ERP's number"}
STAYED_IN_DOUBT = "is of an order of which nobody knows whether it stands in the ERP"


@dataclass(slots=True)
class Sorted:
    """`refused` by order, place and why. `waits`: some rows are of orders in doubt."""

    ours: dict[OrderKey, list[DespatchRow]] = field(default_factory=dict)
    refused: dict[OrderKey, list[tuple[str, str]]] = field(default_factory=dict)
    nobodys: list[Refused] = field(default_factory=list)
    waits: bool = False


def by_owner(rows: Rows, owners: Mapping[str, Owner], *, patient: bool, tells_of_unknown: bool) -> Sorted:
    """`patient`: orders in doubt are waited for, else a person hears of their rows."""
    found = Sorted()
    for row in rows.good:
        match owners[row.order]:
            case OrderKey() as key:
                found.ours.setdefault(key, []).append(row)
            case InDoubt() if patient:
                found.waits = True
            case InDoubt(key):
                found.refused.setdefault(key, []).append((row.place, STAYED_IN_DOUBT))
            case nobody if nobody == "several" or tells_of_unknown:
                found.nobodys.append(Refused(row.place, _WHY[nobody], row.order))
    for one in rows.refused:
        match owners[one.order]:
            case OrderKey() as key:
                found.refused.setdefault(key, []).append((one.place, one.reason))
            case InDoubt(key):
                found.refused.setdefault(key, []).append((one.place, one.reason))
            case _:
                found.nobodys.append(one)
    return found
