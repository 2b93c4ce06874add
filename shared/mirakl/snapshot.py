"""An order in two parts: facts that may be kept, by an allow-list, and the person, which is everything else."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shared.mirakl.facts import FACTS, Rule

_NOTHING: Any = object()


def split(raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Facts and person of an order as OR11 sends it; `merge` puts them together again.

    What is not on the list, or has another shape than the list knows, belongs to the person. Lists of objects are
    split element by element, so that both parts keep their positions.
    """
    return _split_object(raw, FACTS)


def merge(facts: Mapping[str, Any], person: Mapping[str, Any]) -> dict[str, Any]:
    """The order again; with an empty person (purged) the facts alone."""
    merged = dict(facts)
    for name, personal in person.items():
        merged[name] = _merge_value(merged[name], personal) if name in merged else personal
    return merged


def _split_object(raw: Mapping[str, Any], rules: Mapping[str, Rule]) -> tuple[dict[str, Any], dict[str, Any]]:
    facts: dict[str, Any] = {}
    person: dict[str, Any] = {}
    for name, value in raw.items():
        fact, personal = _split_value(value, rules[name]) if name in rules else (_NOTHING, value)
        if fact is not _NOTHING:
            facts[name] = fact
        if personal is not _NOTHING:
            person[name] = personal
    return facts, person


def _split_value(value: Any, rule: Rule) -> tuple[Any, Any]:
    """One of the two may be nothing. A null says nothing about anyone."""
    if value is None or (rule is None and isinstance(value, str | int | Decimal)):
        return value, _NOTHING
    if isinstance(rule, dict) and isinstance(value, dict):
        facts, person = _split_object(value, rule)
        return facts, person or _NOTHING
    if isinstance(rule, list) and isinstance(value, list):
        parts = [_split_element(one, rule[0]) for one in value]
        person_list = [personal for _, personal in parts]
        return [fact for fact, _ in parts], person_list if any(one != {} for one in person_list) else _NOTHING
    return _NOTHING, value


def _split_element(value: Any, rules: Mapping[str, Rule]) -> tuple[Any, Any]:
    """Both parts are always there, empty objects where they hold nothing."""
    if isinstance(value, dict):
        return _split_object(value, rules)
    return (None, {}) if value is None else ({}, value)


def _merge_value(fact: Any, personal: Any) -> Any:
    if isinstance(fact, Mapping) and isinstance(personal, Mapping):
        return merge(fact, personal)
    if isinstance(fact, list) and isinstance(personal, list):
        return [_merge_value(*pair) for pair in zip(fact, personal, strict=True)]
    return fact if personal == {} else personal
