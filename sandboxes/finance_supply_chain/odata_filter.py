"""`$filter`: comparisons joined by `and`, `or` and parentheses; everything else is refused, as the real one does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from sandboxes.finance_supply_chain.conditions import (
    OPERATORS,
    And,
    Compare,
    EnumMember,
    Literals,
    Node,
    Operator,
    Or,
)
from sandboxes.finance_supply_chain.edm import ENUMS, NAMESPACE, Property, moment_of
from sandboxes.finance_supply_chain.errors import Refusal, query_invalid

_KINDS = {"eq": "Equal", "ne": "NotEqual", "gt": "GreaterThan", "ge": "GreaterThanOrEqual", "lt": "LessThan"}
_UNSUPPORTED = {"in", "has", "any", "all", "contains", "startswith", "endswith", "not", "add", "sub", "mul", "null"}
_TOKEN = re.compile(
    r"\s*(?:(?P<enum>[A-Za-z_]\w*(?:\.\w+)+'(?:[^']|'')*')"
    r"|(?P<text>'(?:[^']|'')*')"
    r"|(?P<moment>\d{4}-\d{2}-\d{2}[T\d:.Z+-]*)"
    r"|(?P<number>[+-]?\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<mark>[(),/:]))"
)


def parse(text: str, properties: Mapping[str, Property], type_name: str) -> Node:
    """Raises Refusal (400) with the reader's text."""
    return _Parser(text, properties, type_name).whole()


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
        if kind != "word" or name in _UNSUPPORTED or self._peek() in ("(", "/"):
            raise _unsupported(name) if kind == "word" else self._unexpected(back=1)
        if name not in self.properties:
            raise unknown_property(name, self.type_name)
        _, word = self._next()
        if word not in OPERATORS:
            raise _unsupported(word)
        return self._typed(self.properties[name], cast(Operator, word))

    def _typed(self, one: Property, word: Operator) -> Compare:
        kind, text = self._next()
        value, type_name = _literal(kind, text)
        if type_name != _compared_type(one) or (one.kind == "Enum" and word not in ("eq", "ne")):
            raise _incompatible(one, word, type_name)
        return Compare(one.name, word, value)

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
        return query_invalid(f"Syntax error in $filter: token {self.at + 1 - back} was not expected there.")


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise query_invalid(f"Syntax error in $filter: a character at position {at} was not expected there.")
        tokens.append((found.lastgroup, found[found.lastgroup]))
        at = found.end()
    return tokens


def _literal(kind: str, text: str) -> tuple[Literals, str]:
    """The value and the name of its type, with `Edm.Decimal` for every number."""
    match kind:
        case "text":
            return _unquoted(text), "Edm.String"
        case "number":
            return Decimal(text), "Edm.Decimal"
        case "moment":
            moment = moment_of(text)
            if moment is not None:
                return moment, "Edm.DateTimeOffset"
        case "enum":
            return _enum_member(text)
        case "word" if text in _UNSUPPORTED:
            raise _unsupported(text)
    raise query_invalid("Syntax error in $filter: a literal was expected after the operator.")


def _enum_member(text: str) -> tuple[EnumMember, str]:
    type_name, _, quoted = text.partition("'")
    namespace, _, name = type_name.rpartition(".")
    member = quoted[:-1]
    if namespace != NAMESPACE or member not in ENUMS.get(name, ()):
        raise query_invalid(f"The string '{text}' is not a valid enumeration type constant.")
    return EnumMember(type_name, member), type_name


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")


def _compared_type(one: Property) -> str:
    return "Edm.Decimal" if one.kind in ("Decimal", "Int32", "Int64") else one.type_name


def _incompatible(one: Property, word: Operator, type_name: str) -> Refusal:
    return query_invalid(
        "A binary operator with incompatible types was detected. Found operand types "
        f"'{one.type_name}' and '{type_name}' for operator kind '{_KINDS.get(word, 'LessThanOrEqual')}'."
    )


def _unsupported(word: str) -> Refusal:
    return query_invalid(f"The operator or function '{word}' is not supported in $filter.")


def unknown_property(name: str, type_name: str) -> Refusal:
    return query_invalid(f"Could not find a property named '{name}' on type '{NAMESPACE}.{type_name}'.")
