"""Which of an operation's parts carries what: one string in, one string out, and perhaps a company.

Documented: `wsomhandler` takes a request, `comwsomhandler` a company and a request; both answer with one string. The
names of the parts are not public, so they are found by what they are, unless the settings name them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shared.erp.prima.endpoint import Names

Style = Literal["rpc", "document"]
Use = Literal["literal", "encoded"]
Types = Mapping[str, str]
"""The XSD type's local name by part, in the WSDL's order."""

WITHOUT_COMPANY, WITH_COMPANY = "wsomhandler", "comwsomhandler"
_RETURN_VALUE = "result"
"""The ABL RETURN-VALUE: always there in Doc/Literal, in RPC only where the site asked for it."""


class Unfit(Exception):
    """The WSDL does not offer what is needed; the text names the setting that helps."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How the operation is called; `company` is empty where the operation takes none."""

    operation: str
    style: Style
    use: Use
    action: str
    request: str
    response: str
    company: str = ""


def input_parts(types: Types, names: Names, *, company: bool) -> tuple[str, str]:
    """The parts of the request and of the company, the latter empty where none is called for. Raises Unfit."""
    of_company = _company_part(types, names) if company else ""
    rest = {part: kind for part, kind in types.items() if part != of_company}
    request = _the_string(rest, names.request, "request")
    if left := [part for part in rest if part != request]:
        raise Unfit(f"the operation also takes {_listed(left)}: set the company, or another operation")
    return request, of_company


def output_part(types: Types, names: Names) -> str:
    """The part of the reply. Raises Unfit."""
    without = {part: kind for part, kind in types.items() if part.casefold() != _RETURN_VALUE}
    return _the_string(types if names.response else without or types, names.response, "response")


def _company_part(types: Types, names: Names) -> str:
    """By name, as every part may be a string; if only the request is named, what is left is the company."""
    if names.company:
        return _named(types, names.company, "company")
    request = names.request.casefold()
    others = [part for part in types if part.casefold() != request] if request else list(types)
    if not request and len(others) > 1:
        others = [part for part in others if "comp" in part.casefold()]
    if len(others) != 1 or len(types) < 2:
        raise Unfit(f"no part of {_listed(types)} is plainly the company: name it in company_part")
    return others[0]


def _the_string(types: Types, named: str, setting: str) -> str:
    if named:
        return _named(types, named, setting)
    strings = [part for part, kind in types.items() if kind == "string"]
    if len(strings) != 1:
        raise Unfit(f"not exactly one string among {_listed(types)}: name it in {setting}_part")
    return strings[0]


def _named(types: Types, name: str, setting: str) -> str:
    found = [part for part in types if part.casefold() == name.casefold()]
    if len(found) != 1:
        raise Unfit(f"there is no {name} among {_listed(types)}: correct {setting}_part")
    return found[0]


def _listed(parts: Mapping[str, str] | list[str]) -> str:
    return ", ".join(parts) or "no parts"
