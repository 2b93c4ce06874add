"""A published number term by term, for people: as it was when it was sent, beside what it would be now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.model.in_flight import Counted, WhyCounted
from shared.model.offers import NumberTerms, Published
from shared.model.stock import Figures
from shared.rules.stock.in_flight import total

BECAUSE: Mapping[WhyCounted, str] = {
    "no_erp_order": "the ERP has no order of it",
    "in_doubt": "it is in doubt whether the ERP has it",
    "not_shown": "the ERP's figure does not show it yet",
    "after_the_reading": "the reading started before the ERP showed it",
    "erp_order_gone": "its order in the ERP was cancelled or deleted, and Mirakl still waits",
}
PUBLISHED = "offer: published"
_NONE = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One term; `then` and `now` are `-` where there is none."""

    term: str
    then: str
    now: str


def explained(sent: Published | None, today: Published | None) -> tuple[Row, ...]:
    """Rows in the order of the rule's formula, component by component; the offer's own number last."""
    then, now = _all(sent), _all(today)
    return tuple(Row(term, then.get(term, _NONE), now.get(term, _NONE)) for term in _in_order(then, now))


def _in_order(then: Mapping[str, str], now: Mapping[str, str]) -> Iterable[str]:
    """Component by component, then the offer's own; the number last."""
    return sorted(dict.fromkeys((*now, *then)), key=lambda term: (term == PUBLISHED, *_place(term)))


def _place(term: str) -> tuple[bool, int, str]:
    whose, _, _ = term.partition(":")
    return whose == "offer", len(whose), whose


def _all(published: Published | None) -> Mapping[str, str]:
    if published is None:
        return {}
    rows: dict[str, str] = {}
    for one in published.terms:
        rows |= {f"{one.component.number}: {term}": text for term, text in _rows(one).items()}
    rows |= {f"offer: warehouse {code}": str(units) for code, units in published.by_warehouse.items()}
    return rows | {PUBLISHED: str(published.number)}


def _rows(terms: NumberTerms) -> Mapping[str, str]:
    unit = terms.component.unit
    return {
        "item": f"{terms.component.item.code.item} of {terms.component.item.company}",
        "reading started": _moment(terms.started),
        **{f"warehouse {one.warehouse}": _figures(one) for one in terms.warehouses},
        "warehouses that do not count": ", ".join(terms.unlisted) or _NONE,
        "demand until": _NONE if terms.horizon is None else f"{terms.horizon.days} days ahead",
        "free": _number(terms.free),
        **{_line(one): _counted(one) for one in terms.in_flight},
        "in flight": _number(total(terms.in_flight)),
        "buffer": f"{_number(terms.buffer.units)} (set by {terms.buffer.where})",
        "share": _number(terms.share),
        "unit": f"{_number(unit.numerator)}/{_number(unit.denominator)} of {unit.unit or 'the stock unit'}",
        "blocked": terms.blocked or _NONE,
        "number": str(terms.number),
    }


def _line(counted: Counted) -> str:
    return f"in flight {counted.line.key} {counted.line.line}"


def _counted(counted: Counted) -> str:
    return f"{_number(counted.quantity)}: {BECAUSE[counted.why]}"


def _figures(one: Figures) -> str:
    return f"available {_number(one.available)}, allocated {_number(one.allocated)}, demand {_number(one.demand)}"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%SZ}"
