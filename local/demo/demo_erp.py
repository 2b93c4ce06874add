"""What the demo knows of an ERP, as data: its sandbox, the client's setting, its own words, what its people can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Exchange:
    """What changes hands as files: settings of the sandbox's world, and app settings."""

    world: Mapping[str, object] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoErp:
    """`kind` is that of the setting `ERP`, and names the sandbox and the folder of this ERP's own mapping files.

    `world` is what its sandbox has set up besides its own demonstration, `warehouse` what its warehouse does otherwise
    than the demo's others. `setting` is `ERP` for the sandbox's address, `day` what a day of a few hours changes in it.
    `exchange` are the files of a run, by the run's folder. `tax_mode` is that of all of Mirakl's platforms where the
    ERP takes only one.

    `place` is the sandbox's operation that creates an order, `look_up` the one that asks whether it is there, `reads`
    those by which others are read. `named_by`: what a fault says to meet the placing of one order of ours, its
    `subject` or what the body `mentions`. `numbers`: an order's number is our reference, or another.
    `holds`: an order can be stopped once it is there. `slip` is a shipping document.
    `lacks`: what people or calls cannot do here, by the sandbox's control, as a sentence.
    `pointless`: sabotages (`local/sabotage.py`) that no day of this ERP can show, each with the reason.
    `lost` are kinds of faults of its own whose call takes effect; `references` how the ERP writes our references.
    `vanishing`: an invoice takes an order out of the callers' sight. `lists_shipments`: its shipping documents can be
    read, otherwise files or an order's status tell of them.
    `accounts`: a shopper's account is ours, or it is told once, in the answer to the order that made it.
    """

    kind: str
    title: str
    setting: Callable[[str], dict[str, object]]
    secrets: Mapping[str, str]
    place: str
    look_up: str
    reads: tuple[str, ...]
    slip: str
    world: Mapping[str, object] = field(default_factory=dict)
    warehouse: Mapping[str, object] = field(default_factory=dict)
    day: Mapping[str, object] = field(default_factory=dict)
    exchange: Callable[[Path], Exchange] = lambda _: Exchange()
    named_by: Literal["subject", "mentions"] = "subject"
    numbers: Literal["reference", "own"] = "own"
    holds: bool = False
    lacks: Mapping[str, str] = field(default_factory=dict)
    pointless: Mapping[str, str] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    references: Literal["as they are", "upper case"] = "as they are"
    vanishing: bool = False
    lists_shipments: bool = True
    accounts: Literal["ours", "told once"] = "ours"
    tax_mode: Literal["TAX_INCLUDED", "each its own"] = "each its own"

    def about(self, reference: str) -> dict[str, object]:
        """The part of a fault that makes it meet this order of ours only, when it is placed."""
        return {self.named_by: reference}
