"""Synthetic shoppers: plainly invented names and addresses, some in other scripts, long ones only when asked for."""

from __future__ import annotations

import random
from dataclasses import dataclass

COUNTRY_LABELS = {"FRA": "France", "DEU": "Germany", "GBR": "United Kingdom", "SWE": "Sweden", "POL": "Poland"}
_FAR_AWAY = (
    ("Straße der Prüfung", "Köln", "DEU"),
    ("ulica Testowa", "Łódź", "POL"),
    ("試験通り", "東京テスト", "JPN"),
    ("Rue de l'Épreuve", "Orléans-Essai", "FRA"),
)


@dataclass(frozen=True, slots=True)
class Address:
    """`phone` None is left out of the answer, the others are null: Mirakl does both."""

    lastname: str
    street_1: str
    zip_code: str
    city: str
    country_iso_code: str
    firstname: str | None = None
    company: str | None = None
    street_2: str | None = None
    state: str | None = None
    phone: str | None = None
    additional_info: str | None = None

    @property
    def country(self) -> str:
        return COUNTRY_LABELS.get(self.country_iso_code, self.country_iso_code)


@dataclass(frozen=True, slots=True)
class Organization:
    """Whom a B2B shopper buys for."""

    id: str
    name: str
    identification_number: str
    tax_identification_number: str


@dataclass(frozen=True, slots=True)
class Shopper:
    """`email` is the alias that Mirakl makes for this order, and may be empty."""

    customer_id: str
    firstname: str
    lastname: str
    email: str
    shipping: Address
    billing: Address
    organization: Organization | None = None


def shopper(
    chance: random.Random,
    country: str,
    *,
    foreign: bool,
    long: bool,
    instructions: bool,
    customer: str = "",
    organization: bool = False,
) -> Shopper:
    """The same `customer` is the same person, with an alias per order; without one it is somebody drawn by chance."""
    person = random.Random(customer) if customer else chance
    number = person.randrange(1, 100000)
    address = _address(person, number, country, foreign=foreign, long=long, instructions=instructions)
    alias = f"notification+{chance.randbytes(8).hex()}.{number}@notification.example.com"
    email = "" if not customer and chance.random() < 0.1 else alias
    firm = _organization(number, country) if organization else None
    return Shopper(f"C{number}", "Shopper", f"{number}", email, address, address, firm)


def _address(
    chance: random.Random, number: int, country: str, *, foreign: bool, long: bool, instructions: bool
) -> Address:
    street, city, iso = chance.choice(_FAR_AWAY) if foreign else ("Test Street", "Testville", country)
    return Address(
        firstname="Shopper",
        lastname=f"{number}",
        company="Sample Works Ltd" if chance.random() < 0.2 else None,
        street_1=f"{street} {chance.randrange(1, 200)}" + (f", Building {'North ' * 24}{number}" if long else ""),
        street_2=f"Floor {chance.randrange(9)}" if chance.random() < 0.3 else None,
        zip_code=f"{chance.randrange(10000, 99999)}",
        city=city + (" upon the very long river of tests" * 3 if long else ""),
        state="Test County" if chance.random() < 0.2 else None,
        country_iso_code=iso,
        phone=f"+00 000 {chance.randrange(100000, 999999)}" if chance.random() < 0.5 else None,
        additional_info=f"Ring twice, door code {chance.randrange(1000, 9999)}" if instructions else None,
    )


def _organization(number: int, country: str) -> Organization:
    return Organization(
        id=f"ORG{number}",
        name=f"Sample Works {number} Ltd",
        identification_number=f"REG-{number:09d}",
        tax_identification_number=f"{country[:2]}TEST{number:07d}",
    )
