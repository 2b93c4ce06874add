"""`$filter`: comparisons joined by `and`, `or` (on one field only) and parentheses; everything else is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from sandboxes.business_central.conditions import (
    COMPARISONS,
    FUNCTIONS,
    And,
    Compare,
    Node,
    Operator,
    Or,
    fields_of,
)
from sandboxes.business_central.edm import Property, Value, decoded, guid_of, moment_of
from sandboxes.business_central.errors import Refusal, bad_request

_UNSUPPORTED = {"in", "has", "any", "all", "not", "add", "sub", "mul", "div", "null", "tolower", "toupper"}
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')"
    r"|(?P<guid>[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F-]{22})"
    r"|(?P<moment>\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?)"
    r"|(?P<number>[+-]?\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<mark>[(),/:]))"
)


def parse(text: str, properties: Mapping[str, Property], type_name: str) -> Node:
    """Raises Refusal (400) with the reader's text."""
    try:
        return _Parser(text, properties, type_name).whole()
    except RecursionError:
        raise bad_request("The $filter is nested too deeply.") from None


class _Parser:
    def __init__(self, text: str, properties: Mapping[str, Property], type_name: str) -> None:
        self.properties = properties
        self.type_name = type_name
        self.tokens = _tokens(text)
        self.at = 0

    def whole(self) -> Node:
        node = self._or()
        if self.at < len(self.tokens):
            raise self._unexpected()
        return node

    def _or(self) -> Node:
        node = self._and()
        while self._takes("or"):
            node = Or(node, self._and())
            if len(fields_of(node)) > 1:
                raise bad_request(
                    "The filter expression is not supported: 'or' can only be used with filters on the same field.",
                    "BadRequest_MethodNotImplemented",
                )
        return node

    def _and(self) -> Node:
        node = self._term()
        while self._takes("and"):
            node = And(node, self._term())
        return node

    def _term(self) -> Node:
        if self._takes("("):
            node = self._or()
            if not self._takes(")"):
                raise self._unexpected()
            return node
        return self._comparison()

    def _comparison(self) -> Node:
        kind, name = self._next()
        if kind == "word" and name in FUNCTIONS and self._takes("("):
            return self._function(name)
        if kind != "word" or name in _UNSUPPORTED or self._peek() in ("(", "/"):
            raise _unsupported(name) if kind == "word" else self._unexpected(back=1)
        one = self._property(name)
        _, word = self._next()
        if word not in COMPARISONS:
            raise _unsupported(word)
        return Compare(one, word, self._literal(one))

    def _function(self, word: Operator) -> Compare:
        one = self._property(self._next()[1])
        if one.kind not in ("Code", "Text") or not self._takes(","):
            raise self._unexpected()
        value = self._literal(one)
        if not self._takes(")"):
            raise self._unexpected()
        return Compare(one, word, value)

    def _property(self, name: str) -> Property:
        if name not in self.properties:
            raise unknown_property(name, self.type_name)
        return self.properties[name]

    def _literal(self, one: Property) -> Value:
        kind, text = self._next()
        value = _value(one, kind, text)
        if value is None:
            raise bad_request(
                "A binary operator with incompatible types was detected. Found operand types "
                f"'{one.type_name}' and '{kind}'."
            )
        return value

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _takes(self, word: str) -> bool:
        taken = self.at < len(self.tokens) and self.tokens[self.at] in (("word", word), ("mark", word))
        self.at += taken
        return taken

    def _next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise self._unexpected()
        self.at += 1
        return self.tokens[self.at - 1]

    def _unexpected(self, back: int = 0) -> Refusal:
        return bad_request(f"Syntax error in $filter: token {self.at + 1 - back} was not expected there.")


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise bad_request(f"Syntax error in $filter: a character at position {at} was not expected there.")
        tokens.append((found.lastgroup, found[found.lastgroup]))
        at = found.end()
    return tokens


def _value(one: Property, kind: str, text: str) -> Value | None:
    """The literal in the property's type, None where it is of another; GUIDs and moments stand without quotes."""
    match one.kind, kind:
        case (("Code" | "Text"), "text"):
            return _unquoted(text)
        case "Enum", "text":
            return decoded(_unquoted(text))
        case "Guid", "guid":
            return guid_of(text)
        case (("Decimal" | "Integer"), "number"):
            return Decimal(text)
        case "Boolean", "word" if text in ("true", "false"):
            return text == "true"
        case (("Date" | "DateTime"), "moment"):
            return moment_of(text, whole=one.kind == "DateTime")
    return None


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")


def _unsupported(word: str) -> Refusal:
    text = f"The operator or function '{word}' is not supported in $filter."
    return bad_request(text, "BadRequest_MethodNotImplemented")


def unknown_property(name: str, type_name: str) -> Refusal:
    return bad_request(f"Could not find a property named '{name}' on type '{type_name}'.")
