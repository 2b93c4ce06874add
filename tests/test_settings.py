"""Wrong settings are told with their name and the remedy, all at once; right ones become shops, an ERP and a policy."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.finance_supply_chain.setting import FinanceSupplyChainSetting
from shared.errors import SettingsError
from shared.model.policy import CreationPolicy
from shared.settings import Settings, load
from tests.builders import marketplace, shop

NORTH: dict[str, Any] = {
    "id": "north",
    "prefix": "NO",
    "url": "https://north.example.com",
    "shops": [
        {"id": "north-de", "shop_id": 2001, "key_secret": "north-key", "orders_from": "2026-03-01T10:00:00+01:00"}
    ],
}
ERP: dict[str, Any] = {
    "kind": "finance_supply_chain",
    "url": "https://example.operations.dynamics.com",
    "token_url": "https://login.microsoftonline.com/tenant/oauth2/v2.0/token",
    "client_id": "11111111-1111-1111-1111-111111111111",
    "client_secret": "dynamics-client-secret",
    "company": "usmf",
}
CONNECTIONS = {"ServiceBusConnection": "Endpoint=sb://127.0.0.1", "TABLES_CONNECTION": "UseDevelopmentStorage=true"}

Values = dict[str, str]


def values(*, marketplaces: Any = None, erp: Any = None, without: str = "", **settings: str) -> Values:
    """A complete set of app settings, and what differs from it."""
    given = {
        "MARKETPLACES": json.dumps([NORTH] if marketplaces is None else marketplaces),
        "ERP": json.dumps(ERP if erp is None else erp),
        "POLL_ORDERS_SCHEDULE": "0 * * * * *",
        "POLL_SHIPMENTS_SCHEDULE": "30 */5 * * * *",
        "CHANGE_ORDER_SCHEDULE": "15 */30 * * * *",
        "WATCH_SCHEDULE": "30 * * * * *",
        **CONNECTIONS,
        **settings,
    }
    return {name: value for name, value in given.items() if name != without}


def north(**fields: Any) -> Any:
    return [NORTH | fields]


def north_shop(**fields: Any) -> Any:
    return north(shops=[NORTH["shops"][0] | fields])


def lacking(whole: dict[str, Any], field: str) -> dict[str, Any]:
    return {name: value for name, value in whole.items() if name != field}


def complaints(given: Values) -> list[str]:
    """The lines of what is said; the first line is the heading."""
    with pytest.raises(SettingsError) as refused:
        load(given)
    heading, *lines = str(refused.value).splitlines()
    assert heading == "The app settings cannot be used:"
    return [line.removeprefix("  - ") for line in lines]


TWO_SHOPS = [NORTH["shops"][0], NORTH["shops"][0] | {"id": "north-outlet"}]
OTHER_SHOP = [TWO_SHOPS[1] | {"shop_id": 2002}]

WRONG: dict[str, tuple[Values, str, str]] = {
    "no marketplaces": (values(without="MARKETPLACES"), "MARKETPLACES: is missing", "docs/settings.md"),
    "blank is missing": (values(ERP="  "), "ERP: is missing", "add it"),
    "not JSON": (values(ERP="{kind: "), "ERP: write valid JSON", "docs/settings.md"),
    "a field is missing": (values(erp=lacking(ERP, "company")), "ERP at company: is missing", "add it"),
    "a field of a shop is missing": (
        values(marketplaces=north(shops=[lacking(NORTH["shops"][0], "orders_from")])),
        "MARKETPLACES at 0.shops.0.orders_from: is missing",
        "add it",
    ),
    "no shops": (values(marketplaces=north(shops=[])), "MARKETPLACES at 0.shops: ", "at least 1 item"),
    "an unknown field": (values(erp=ERP | {"colour": "red"}), "ERP at colour: is not known", "remove it"),
    "an unknown kind of ERP": (values(erp=ERP | {"kind": "abacus"}), "ERP at kind: ", "'finance_supply_chain'"),
    "a prefix in lower case": (values(marketplaces=north(prefix="no")), "MARKETPLACES at 0.prefix: ", "[A-Z0-9]{2,4}"),
    "a prefix too long": (values(marketplaces=north(prefix="NORTH")), "MARKETPLACES at 0.prefix: ", "[A-Z0-9]{2,4}"),
    "a slug with capitals": (values(marketplaces=north(id="North")), "MARKETPLACES at 0.id: ", "[a-z0-9]"),
    "plain http to a host outside": (
        values(marketplaces=north(url="http://north.example.com")),
        "MARKETPLACES at 0.url: ",
        "use an https:// address",
    ),
    "plain http to a host that only looks local": (
        values(erp=ERP | {"url": "http://localhost.example.com"}),
        "ERP at url: ",
        "use an https:// address",
    ),
    "no address at all": (values(erp=ERP | {"token_url": "login"}), "ERP at token_url: ", "use an https:// address"),
    "a key vault without https": (values(KEY_VAULT_URL="http://vault.example.com"), "KEY_VAULT_URL: ", "https://"),
    "go-live without an offset": (
        values(marketplaces=north_shop(orders_from="2026-03-01T10:00:00")),
        "MARKETPLACES at 0.shops.0.orders_from: ",
        "write its offset",
    ),
    "an epoch without an offset": (values(ACCELERATE_EPOCH="2026-01-01T00:00:00"), "ACCELERATE_EPOCH: ", "offset"),
    "a negative window": (
        values(marketplaces=north(acceptance_window="-PT24H")),
        "MARKETPLACES at 0.acceptance_window: ",
        "greater than 0",
    ),
    "a window of nothing": (
        values(marketplaces=north(acceptance_window="PT0S")),
        "MARKETPLACES at 0.acceptance_window: ",
        "greater than 0",
    ),
    "a negative settle time": (values(erp=ERP | {"settle": "-PT1M"}), "ERP at settle: ", "greater than 0"),
    "no duration": (values(erp=ERP | {"totals_within": "a day"}), "ERP at totals_within: ", "duration"),
    "an unknown mode": (values(marketplaces=north_shop(mode="dry")), "MARKETPLACES at 0.shops.0.mode: ", "'shadow'"),
    "an unknown liability": (
        values(marketplaces=north(tax_liability={"FRA": "shopper"})),
        "MARKETPLACES at 0.tax_liability.FRA: ",
        "'seller' or 'operator'",
    ),
    "a secret's value for its name": (
        values(marketplaces=north_shop(key_secret="not_a_name!")),
        "MARKETPLACES at 0.shops.0.key_secret: ",
        "the name of a secret",
    ),
    "a client secret's value for its name": (
        values(erp=ERP | {"client_secret": "abc~def.ghi"}),
        "ERP at client_secret: ",
        "the name of a secret",
    ),
    "a note field without a length": (
        values(erp=ERP | {"delivery_note_field": "SomeOtherField"}),
        "ERP: delivery_note_field 'SomeOtherField' has no length",
        "add it to lengths",
    ),
    "no lanes": (values(erp=ERP | {"lanes": 0}), "ERP at lanes: ", "greater than or equal to 1"),
    "a negative tolerance": (values(erp=ERP | {"total_tolerance": -1}), "ERP at total_tolerance: ", "or equal to 0"),
    "five fields of a schedule": (
        values(POLL_ORDERS_SCHEDULE="* * * * *"),
        "POLL_ORDERS_SCHEDULE: ",
        "six fields",
    ),
    "a time-out out of bounds": (values(HTTP_TIMEOUT_SECONDS="600"), "HTTP_TIMEOUT_SECONDS: ", "equal to 120"),
    "a time-out that is no number": (values(HTTP_TIMEOUT_SECONDS="soon"), "HTTP_TIMEOUT_SECONDS: ", "number"),
    "too fast": (values(ACCELERATE="1000"), "ACCELERATE: ", "equal to 240"),
    "two marketplaces of one id": (
        values(marketplaces=[NORTH, NORTH | {"prefix": "SO", "shops": OTHER_SHOP}]),
        "MARKETPLACES: id 'north' is used twice",
        "must be unique",
    ),
    "two marketplaces of one prefix": (
        values(marketplaces=[NORTH, NORTH | {"id": "south", "shops": OTHER_SHOP}]),
        "MARKETPLACES: prefix 'NO' is used twice",
        "must be unique",
    ),
    "two shops of one slug": (
        values(marketplaces=[NORTH, NORTH | {"id": "south", "prefix": "SO"}]),
        "MARKETPLACES: shops.id 'north-de' is used twice",
        "must be unique",
    ),
    "two shops that are one in Mirakl": (
        values(marketplaces=north(shops=TWO_SHOPS)),
        "MARKETPLACES: shops.shop_id 2001 of 'north' is used twice",
        "must be unique",
    ),
    "no Service Bus": (
        values(without="ServiceBusConnection"),
        "ServiceBusConnection__fullyQualifiedNamespace: is missing",
        "name the Service Bus namespace",
    ),
    "no tables": (values(without="TABLES_CONNECTION"), "TABLES_URL: is missing", "give the storage account"),
    "accelerated in Azure": (
        values(ACCELERATE="10", KEY_VAULT_URL="https://vault.example.com"),
        "ACCELERATE: is for local runs only",
        "remove it",
    ),
}


@pytest.mark.parametrize(("given", "setting", "remedy"), WRONG.values(), ids=WRONG)
def test_a_wrong_setting_is_named_with_its_remedy(given: Values, setting: str, remedy: str) -> None:
    [complaint] = complaints(given)
    assert complaint.startswith(setting)
    assert remedy in complaint


@pytest.mark.parametrize("name", ["MARKETPLACES", "ERP"])
def test_what_is_wrong_inside_one_setting_does_not_hide_the_other(name: str) -> None:
    both = values(marketplaces=north(prefix="no", url="ftp://x"), erp=ERP | {"lanes": 99})
    told = complaints(both)
    assert len(told) == 3
    assert any(one.startswith(name) for one in told)


def test_two_things_that_do_not_fit_together_are_both_told() -> None:
    given = values(ACCELERATE="10", KEY_VAULT_URL="https://vault.example.com", without="TABLES_CONNECTION")
    assert [one.partition(":")[0] for one in complaints(given)] == ["ACCELERATE", "TABLES_URL"]


SECRET = "S3cr3t~value/with+signs=="


@pytest.mark.parametrize(
    "given",
    [
        values(MARKETPLACES=SECRET),
        values(ERP=json.dumps(SECRET)),
        values(erp=ERP | {"client_secret": SECRET, "lanes": SECRET}),
        values(marketplaces=north_shop(key_secret=SECRET, shop_id=SECRET, orders_from=SECRET, mode=SECRET)),
        values(ServiceBusConnection=SECRET, TABLES_CONNECTION=SECRET, TABLES_URL=SECRET, KEY_VAULT_URL=SECRET),
        values(HTTP_TIMEOUT_SECONDS=SECRET, ACCELERATE=SECRET, ACCELERATE_EPOCH=SECRET, POLL_ORDERS_SCHEDULE=SECRET),
    ],
)
def test_a_complaint_never_repeats_a_value_that_may_be_a_secret(given: Values) -> None:
    with pytest.raises(SettingsError) as refused:
        load(given)
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


def test_settings_become_the_shops_they_describe() -> None:
    settings = load(values())
    expected = shop(
        marketplace=replace(marketplace(), tax_liability={}), orders_from=datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    )
    assert settings.shops == {"north-de": expected}
    assert settings.marketplaces == {"north": expected.marketplace}


def test_every_field_of_a_marketplace_arrives() -> None:
    given = north(
        acceptance_window="PT36H",
        tax_source="erp",
        tax_liability={"*": "operator"},
        or11_minimum_interval="PT15M",
        limit_scope="key",
        export_above=400,
    )
    given[0]["shops"] = [NORTH["shops"][0] | {"company": "frrt", "mode": "shadow"}]
    [found] = load(values(marketplaces=given)).shops.values()
    assert found.marketplace == replace(
        marketplace(),
        acceptance_window=timedelta(hours=36),
        tax_source="erp",
        tax_liability={"*": "operator"},
        or11_minimum_interval=timedelta(minutes=15),
        limit_scope="key",
        export_above=400,
    )
    assert (found.company, found.mode) == ("frrt", "shadow")


def test_the_defaults_of_the_policy_are_those_of_the_model() -> None:
    assert load(values()).policy == CreationPolicy()


def test_amounts_in_settings_are_exact() -> None:
    assert load(values(erp=ERP | {"total_tolerance": 0.1})).policy.total_tolerance == Decimal("0.1")


def test_an_environment_s_own_lengths_are_put_over_the_profile_s() -> None:
    erp = ERP | {"lengths": {"DeliveryAddressName": 100, "DeliveryNote": 30}, "delivery_note_field": "DeliveryNote"}
    lengths = _configured(load(values(erp=erp))).limits
    assert (lengths["DeliveryAddressName"], lengths["DeliveryNote"], lengths["DeliveryAddressCity"]) == (100, 30, 60)


def _configured(settings: Settings) -> Configuration:
    assert isinstance(settings.erp, FinanceSupplyChainSetting)
    return settings.erp.configuration(settings.http_timeout_seconds)


GOOD: dict[str, tuple[Values, Callable[[Settings], object], object]] = {
    "plain http to this machine": (
        values(marketplaces=north(url="http://127.0.0.1:8080/north/")),
        lambda it: it.marketplaces["north"].url,
        "http://127.0.0.1:8080/north",
    ),
    "managed identity instead of connection strings": (
        values(
            without="ServiceBusConnection",
            ServiceBusConnection__fullyQualifiedNamespace="bus.example.com",
            TABLES_URL="https://tables.example.com",
        ),
        lambda it: (it.service_bus, it.service_bus_namespace, it.tables_url),
        ("", "bus.example.com", "https://tables.example.com"),
    ),
    "the time-out of every call": (
        values(HTTP_TIMEOUT_SECONDS="12.5"),
        lambda it: it.http_timeout_seconds,
        12.5,
    ),
    "notes in the address": (
        values(erp=ERP | {"delivery_note_field": ""}),
        lambda it: _configured(it).delivery_note_field,
        "",
    ),
    "accelerated on one machine": (
        values(ACCELERATE="60", ACCELERATE_EPOCH="2026-03-02T09:00:00+01:00"),
        lambda it: (it.accelerate, it.accelerate_epoch),
        (60.0, datetime(2026, 3, 2, 8, 0, tzinfo=UTC)),
    ),
    "two marketplaces may number their shops alike": (
        values(
            marketplaces=[
                NORTH,
                NORTH | {"id": "south", "prefix": "SO", "shops": [NORTH["shops"][0] | {"id": "south-main"}]},
            ]
        ),
        lambda it: list(it.shops),
        ["north-de", "south-main"],
    ),
    "what the host adds is none of ours": (values(FUNCTIONS_WORKER_RUNTIME="python"), lambda it: len(it.shops), 1),
}


@pytest.mark.parametrize(("given", "shown", "expected"), GOOD.values(), ids=GOOD)
def test_good_settings(given: Values, shown: Callable[[Settings], object], expected: object) -> None:
    assert shown(load(given)) == expected
