"""A carrier in Mirakl's fields, and its messages without what leads to a parcel."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.mirakl.tracking import UrlField, masked, tracking_fields
from shared.model.shipment import Carrier

URL = "https://courier.example.com/track"


@pytest.mark.parametrize(
    ("carrier", "number", "fields"),
    [
        (Carrier("CA1"), "T1", {"carrier_code": "CA1", "tracking_number": "T1"}),
        (Carrier("CA1"), "", {"carrier_code": "CA1"}),
        (Carrier("CA1", "Carrier One", URL), "T1", {"carrier_code": "CA1", "tracking_number": "T1"}),
        (Carrier(name="Courier"), "T1", {"carrier_name": "Courier", "tracking_number": "T1"}),
        (
            Carrier(name="Courier", url=URL),
            "T1",
            {"carrier_name": "Courier", "carrier_url": URL, "tracking_number": "T1"},
        ),
        (
            Carrier(name="Courier", url=URL + "/{trackingId}?x=1"),
            "T 1/2",
            {"carrier_name": "Courier", "carrier_url": URL + "/T%201%2F2?x=1", "tracking_number": "T 1/2"},
        ),
        (Carrier(name="Courier", url=URL + "/{trackingId}"), "", {"carrier_name": "Courier"}),
    ],
)
def test_a_carrier_in_mirakls_fields(carrier: Carrier, number: str, fields: dict[str, str]) -> None:
    assert tracking_fields(carrier, number, url="carrier_url") == fields


@pytest.mark.parametrize("url", ["carrier_url", "tracking_url"])
def test_the_address_has_another_name_in_either_family(url: UrlField) -> None:
    assert tracking_fields(Carrier(name="Courier", url=URL), "", url=url) == {"carrier_name": "Courier", url: URL}


def test_a_carrier_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="a code or a name"):
        tracking_fields(Carrier(url=URL), "T1", url="carrier_url")


NONE = "Mirakl gives no reason"


@pytest.mark.parametrize(
    ("message", "number", "shown"),
    [
        ("Shipment quantity is invalid.", "T1", "Shipment quantity is invalid."),
        (
            "The order status must be 'SHIPPING' but it is 'SHIPPED'.",
            "",
            "The order status must be 'SHIPPING' but it is 'SHIPPED'.",
        ),
        ("No parcel 'AB-12.x' is known", "ab-12.X", "No parcel '***' is known"),
        ("No parcel AB  1 is known", "AB  1", "No parcel *** is known"),
        ("No parcel 123456 is known", "", "No parcel *** is known"),
        ("No parcel 12345 is known", "", "No parcel 12345 is known"),
        ("No parcel 1Z2356F1ZJ98L9733M5, or tracking_1Z2356F1ZJ98", "", "No parcel ***, or tracking_***"),
        ("two\nlines\tof  it ", "", "two lines of it"),
        (None, "", NONE),
        ("", "T1", NONE),
        (["T1"], "T1", NONE),
        (404, "", "404"),
        ("a" * 500, "", "a" * 200),
        ("a" * 197 + " 123456", "", "a" * 197 + " **"),
    ],
)
def test_a_message_for_people(message: Any, number: str, shown: str) -> None:
    assert masked(message, number) == shown


@given(st.text(max_size=30), st.text("0123456789ABCXYZ", min_size=8, max_size=20), st.text(max_size=30))
def test_a_number_that_was_sent_never_shows(before: str, number: str, after: str) -> None:
    assert number not in masked(f"{before}{number}{after}", number)
