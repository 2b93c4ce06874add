"""The split loses nothing, keeps no person among the facts, and takes every new field for personal."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.mirakl.dialect import parse
from shared.mirakl.facts import FACTS, Rule
from shared.mirakl.snapshot import merge, split
from tests.mirakl.payloads import PERSON, encoded, raw_address, raw_line, raw_order

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.decimals(allow_nan=False)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def shaped(rule: Rule) -> st.SearchStrategy[Any]:
    """Mostly what the list knows, sometimes anything at all in its place."""
    if isinstance(rule, dict):
        return shaped_object(rule) | ANYTHING
    if isinstance(rule, list):
        return st.lists(shaped_object(rule[0]) | ANYTHING, max_size=3) | ANYTHING
    return SCALARS | ANYTHING


def shaped_object(rules: dict[str, Rule]) -> st.SearchStrategy[dict[str, Any]]:
    known: dict[str, st.SearchStrategy[Any]] = {name: shaped(rule) for name, rule in rules.items()}
    new = st.dictionaries(st.text(max_size=4), ANYTHING, max_size=2)
    return st.tuples(new, st.fixed_dictionaries({}, optional=known)).map(lambda parts: parts[0] | parts[1])


def some_of(rules: Rule, *names: str) -> dict[str, Rule]:
    """Few enough fields that hypothesis tries many shapes of each."""
    fields = rules[0] if isinstance(rules, list) else rules
    assert fields is not None
    return {name: fields[name] for name in names}


LINE = some_of(FACTS["order_lines"], "quantity", "taxes", "shipping_from")
ORDER = some_of(FACTS, "order_id", "price", "customer", "references", "channel", "promotions", "order_taxes")
ORDERS = shaped_object({**ORDER, "order_lines": [LINE]})


def exactly(value: Any) -> Any:
    """Comparable with types: True, 1 and Decimal(1) are equal otherwise."""
    if isinstance(value, dict):
        return {name: exactly(one) for name, one in value.items()}
    if isinstance(value, list):
        return [exactly(one) for one in value]
    return type(value), str(value)


@given(ORDERS)
def test_the_parts_are_the_whole(raw: dict[str, Any]) -> None:
    facts, person = split(raw)
    assert exactly(merge(facts, person)) == exactly(raw)


@given(ORDERS)
def test_facts_hold_nothing_that_is_not_on_the_list(raw: dict[str, Any]) -> None:
    facts, _ = split(raw)
    assert_listed(facts, FACTS)
    again, nothing = split(facts)
    assert (exactly(again), nothing) == (exactly(facts), {})


def assert_listed(facts: Any, rule: Rule) -> None:
    if isinstance(rule, dict) and facts is not None:
        assert set(facts) <= set(rule)
        for name, value in facts.items():
            assert_listed(value, rule[name])
    elif isinstance(rule, list) and facts is not None:
        for element in facts:
            assert_listed(element, rule[0])
    else:
        assert facts is None or isinstance(facts, str | int | Decimal)


def test_a_real_order_has_its_person_on_one_side_only() -> None:
    raw = raw_order()
    facts, person = split(raw)
    assert PERSON not in repr(facts)
    assert repr(person).count(PERSON) == repr(raw).count(PERSON)
    assert merge(facts, person) == raw


def test_what_the_flows_need_after_the_person_is_purged_is_kept() -> None:
    facts, _ = split(raw_order())
    kept = merge(facts, {})
    assert kept["customer"] == {"shipping_address": {"country_iso_code": "DEU"}}
    assert (kept["shipping_pudo_id"], kept["order_tax_mode"]) == ("PUDO-9", "TAX_EXCLUDED")
    line = kept["order_lines"][1]
    assert (line["price"], line["taxes"][0]["amount"]) == (Decimal("100.00"), Decimal("20.00"))
    assert line["shipping_from"] == {"address": {"country_iso_code": "DEU"}, "warehouse": {"code": "WH1"}}


def test_what_shipping_needs_is_kept_and_the_parcels_way_is_not() -> None:
    cancelled = raw_line(cancelations=[{"id": "C1", "quantity": 1, "reason_code": "34"}], shipped_date=None)
    facts, person = split(raw_order(order_lines=[cancelled]))
    assert (facts["shipping_carrier_code"], facts["shipping_company"]) == ("CA1", "Carrier One")
    assert facts["references"] == {"order_reference_for_seller": "SO-1"}
    assert facts["order_lines"][0]["cancelations"] == [{"id": "C1", "quantity": 1, "reason_code": "34"}]
    assert {"shipping_tracking", "shipping_tracking_url"} <= set(person)


@pytest.mark.parametrize(
    ("changes", "personal"),
    [
        ({"new_field": "x"}, {"new_field": "x"}),
        ({"price": {"amount": 5}}, {"price": {"amount": 5}}),
        ({"channel": "DE"}, {"channel": "DE"}),
        ({"channel": {"code": "DE", "owner": "x"}}, {"channel": {"owner": "x"}}),
        ({"order_lines": "none"}, {"order_lines": "none"}),
        ({"order_lines": [None, {"quantity": 1}, "x"]}, {"order_lines": [{}, {}, "x"]}),
        ({"customer": None}, {}),
        ({"channel": None, "order_lines": []}, {}),
    ],
)
def test_what_the_list_does_not_know_is_personal(changes: dict[str, Any], personal: dict[str, Any]) -> None:
    assert split({"order_id": "1", **changes})[1] == personal


def test_the_parts_survive_being_stored_as_json() -> None:
    raw = parse(encoded(raw_order(order_lines=[raw_line(price="15.60"), raw_line(index=2, quantity=3)])))
    facts, person = split(raw)
    stored = parse(encoded(facts)), parse(encoded(person))
    assert exactly(merge(*stored)) == exactly(raw)


def test_every_personal_field_of_an_address_is_personal() -> None:
    facts, person = split({"customer": {"shipping_address": raw_address(), "billing_address": raw_address()}})
    assert json.dumps(facts) == '{"customer": {"shipping_address": {"country_iso_code": "DEU"}}}'
    assert set(person["customer"]["shipping_address"]) == set(raw_address()) - {"country_iso_code"}
