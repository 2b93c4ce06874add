"""An address, pick-up point and note in an ERP's fields: everything has a place, nothing is cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.erp.lengths import Lengths, fits, fitted, length
from shared.errors import Rejected


@dataclass
class Form:
    """The fields filled so far. `lines` are the fields that have lines; others separate their texts with `; `."""

    lengths: Lengths
    lines: frozenset[str] = frozenset()
    fields: dict[str, str] = field(default_factory=dict)
    _placed: set[str] = field(default_factory=set)

    def put(self, part: str, text: str, *places: str) -> None:
        """A whole part into the first of these fields that still has room for it; the same text is not said twice.

        Raises as `go_on`.
        """
        if text not in self._placed:
            self._placed.add(text)
            self.go_on(part, text, *places)

    def begin(self, part: str, text: str, place: str) -> str:
        """As much of a part as its own field takes, between words, and what is left for `go_on`.

        Raises Rejected (`text_does_not_fit`) for a word too long.
        """
        head, rest = broken(text, place, self.lengths)
        self._placed.add(text)
        self.go_on(part, head, place)
        return rest

    def go_on(self, part: str, text: str, *places: str) -> None:
        """What is left of a part that began elsewhere: a piece may read like another, and neither stands for both.

        Raises Rejected (`text_does_not_fit`) naming the part, field and lengths, never the text.
        """
        if not text:
            return
        for place in places:
            filled = joined(self.fields.get(place, ""), text, "\n" if place in self.lines else "; ")
            if fits(self.lengths, place, filled):
                self.fields[place] = filled
                return
        raise Rejected("text_does_not_fit", subject=places[0], reason=self._no_room(part, text, places))

    def own(self, texts: Mapping[str, str]) -> None:
        """What the carrier sorts by stands in its own field or the order is refused; it never spills."""
        for place, text in texts.items():
            if text:
                self.fields[place] = fitted(self.lengths, place, text)

    def _no_room(self, part: str, text: str, places: Sequence[str]) -> str:
        taken = (f"{place} has {length(self.fields.get(place, ''))} of {self.lengths[place]} taken" for place in places)
        return f"the {part} has {length(text)} characters; {', '.join(taken)}"


def broken(name: str, place: str, lengths: Lengths) -> tuple[str, str]:
    """The name as long as its field, broken between words, and the rest. Raises Rejected for a word too long."""
    words, head = name.split(" "), ""
    while words and fits(lengths, place, joined(head, words[0], " ")):
        head = joined(head, words.pop(0), " ")
    if not head and name:
        fitted(lengths, place, words[0])
    return head, " ".join(words)


def plain(text: str) -> str:
    """On one line, with single spaces: most fields have one line only."""
    return " ".join(text.split())


def joined(before: str, text: str, separator: str) -> str:
    return f"{before}{separator}{text}" if before else text


def distinct(*places: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(places))
