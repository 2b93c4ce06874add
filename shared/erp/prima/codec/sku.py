"""What Prima sells: a style and up to four matrix codes. Only the five together name one article (observed)."""

from __future__ import annotations

from dataclasses import dataclass

CODES = ("MtrxCode1", "MtrxCode2", "MtrxCode3", "MtrxCode4")


@dataclass(frozen=True, slots=True)
class Sku:
    product: str
    codes: tuple[str, str, str, str] = ("", "", "", "")

    @property
    def key(self) -> tuple[str, ...]:
        """Prima compares without regard to case (observed)."""
        return tuple(part.casefold() for part in (self.product, *self.codes))
