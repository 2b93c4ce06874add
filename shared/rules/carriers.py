"""Which carrier Mirakl is told: the client's `carriers` mapping, held against the codes that the operator registered.

Decided before anything is sent: a code outside SH21 is refused, and so is another carrier's name where PC01 forbids it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.errors import Rejected
from shared.model.mappings import ANY, TABLES, MappingRow
from shared.model.shipment import Carrier, ErpShipment, RegisteredCarrier
from shared.rules.mapping_lookup import invalid, matches, most_specific, subject, text

_MOST_NAMED = 30
"""Codes named in a reason: an operator may register hundreds."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """`needs_tracking`: the mapping wants a number, or Mirakl does. `refused_without`: Mirakl does, because the
    registered carrier's URL holds one.
    """

    carrier: Carrier
    needs_tracking: bool
    refused_without: bool = False


def carrier_subject(marketplace: str, shipment: ErpShipment) -> str:
    """What a `carriers` row for this shipment would be filed under: `carriers:north|EXPRESS|CARRIER-1|`."""
    return subject("carriers", _key(marketplace, shipment))


def choose(
    shipment: ErpShipment,
    *,
    marketplace: str,
    rows: Iterable[MappingRow],
    registered: Sequence[RegisteredCarrier],
    alternative_allowed: bool,
) -> Chosen:
    """The carrier to send. Raises Rejected: `carrier_unmapped`, `carrier_not_accepted` or `mapping_invalid`."""
    wanted = _key(marketplace, shipment)
    row = _row(rows, wanted, registered)
    code, name, tracking = text(row, "carrier_code"), text(row, "carrier_name"), text(row, "tracking")
    if bool(code) == bool(name):
        raise invalid(row, "carrier_code", "or 'carrier_name' must be filled, and not both")
    if code:
        known = _registered(code, row, wanted, registered)
        needed = known.needs_tracking
        return Chosen(Carrier(code=code), tracking == "required" or needed, refused_without=needed)
    if not alternative_allowed:
        fault = f"names {name!r}, and this marketplace takes registered carriers only"
        raise _not_accepted(row, wanted, fault, registered)
    return Chosen(Carrier(name=name, url=text(row, "carrier_url")), tracking == "required")


def waits_for_tracking(shipment: ErpShipment, *, marketplace: str, rows: Iterable[MappingRow]) -> bool:
    """Whether Mirakl is told only once a number has come. Without a row it is not worth waiting: `choose` refuses."""
    wanted = _key(marketplace, shipment)
    matching = [row for row in rows if matches(row.key, wanted)]
    if shipment.tracking or not matching:
        return False
    return (most_specific("carriers", matching, wanted).values.get("tracking", "").strip() or "required") == "required"


def unregistered(rows: Iterable[MappingRow], registered: Iterable[RegisteredCarrier]) -> tuple[str, ...]:
    """The codes that rows use and the operator does not have."""
    return tuple(sorted({text(row, "carrier_code") for row in rows} - {one.code for one in registered} - {""}))


def withdrawn(
    rows: Iterable[MappingRow], registered: Iterable[RegisteredCarrier], *, before: Sequence[RegisteredCarrier]
) -> tuple[str, ...]:
    """The codes that rows use, that the operator had before and has no more."""
    had = {one.code for one in before}
    return tuple(code for code in unregistered(rows, registered) if code in had)


def uncovered(rows: Iterable[MappingRow], modes: Iterable[str], *, marketplace: str) -> tuple[str, ...]:
    """Of these delivery modes, those for which no shipment could find a row, whatever its carrier and service."""
    covered = {row.key[1] for row in rows if row.key[0] in (marketplace, ANY)}
    return () if ANY in covered else tuple(sorted(set(modes) - covered))


def allowed(registered: Sequence[RegisteredCarrier]) -> str:
    """The operator's codes in words: `CA1 (Carrier One), CA2 (Carrier Two)`."""
    named = [f"{one.code} ({one.label})" for one in registered[:_MOST_NAMED]]
    more = [f"and {len(registered) - _MOST_NAMED} more"] if len(registered) > _MOST_NAMED else []
    return ", ".join([*named, *more]) or "none"


def _key(marketplace: str, shipment: ErpShipment) -> tuple[str, ...]:
    return marketplace, shipment.delivery_mode, shipment.carrier, shipment.service


def _row(rows: Iterable[MappingRow], wanted: Sequence[str], registered: Sequence[RegisteredCarrier]) -> MappingRow:
    matching = [row for row in rows if matches(row.key, wanted)]
    if matching:
        return most_specific("carriers", matching, wanted)
    named = ", ".join(f"{column}={value}" for column, value in zip(TABLES["carriers"].key, wanted, strict=True))
    raise Rejected(
        "carrier_unmapped",
        subject=subject("carriers", wanted),
        reason=f"mapping table 'carriers' has no row for {named}; the marketplace's codes are {allowed(registered)}",
    )


def _registered(
    code: str, row: MappingRow, wanted: Sequence[str], registered: Sequence[RegisteredCarrier]
) -> RegisteredCarrier:
    for one in registered:
        if one.code == code:
            return one
    raise _not_accepted(row, wanted, f"has the code {code!r}, which the marketplace does not have", registered)


def _not_accepted(
    row: MappingRow, wanted: Sequence[str], fault: str, registered: Sequence[RegisteredCarrier]
) -> Rejected:
    """Filed under what was wanted, so that a new row that fits better answers it as well as a corrected one."""
    return Rejected(
        "carrier_not_accepted",
        subject=subject("carriers", wanted),
        reason=f"row {'|'.join(row.key)} of mapping table 'carriers' {fault}; its codes are {allowed(registered)}",
    )
