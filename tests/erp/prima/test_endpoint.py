"""Addresses, the pinned WSDL, and which addresses must not be used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shared.erp.prima.endpoint import Endpoint, unprotected

HTTPS, HTTP = "https://prima.example.com/wsalive/wsalive", "http://prima.example.com:8080/wsalive/wsalive"


@pytest.mark.parametrize("url", [HTTP, f"{HTTP}/", f"{HTTP}/wsdl", f"{HTTP}/wsdl/"])
def test_the_instance_is_the_address_without_its_end(url: str) -> None:
    endpoint = Endpoint(url=url)
    assert endpoint.address == HTTP
    assert endpoint.wsdl_address == f"{HTTP}/wsdl?targetURI=urn:omlink"


def test_a_target_uri_is_quoted() -> None:
    assert Endpoint(url=HTTPS, target_uri="urn:a&b=c").wsdl_address == f"{HTTPS}/wsdl?targetURI=urn:a%26b%3Dc"


def test_a_pinned_wsdl_is_a_text_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "prima.wsdl").write_bytes(b"<of-file/>")
    assert Endpoint(url=HTTPS).pinned() is None
    assert Endpoint(url=HTTPS, pinned_wsdl="\ufeff\n<of-text/>").pinned() == b"<of-text/>"
    assert Endpoint(url=HTTPS, pinned_wsdl=str(tmp_path / "prima.wsdl")).pinned() == b"<of-file/>"


@pytest.mark.parametrize(
    ("url", "allowed", "says"),
    [
        (HTTPS, False, ""),
        (HTTPS, True, ""),
        (HTTP, True, ""),
        (HTTP, False, "allow plain http"),
        ("https://", False, "no host"),
        ("ftp://prima.example.com", True, "https://"),
        ("prima.example.com", True, "https://"),
        ("https://user:word@prima.example.com/wsa", True, "as a secret"),
    ],
)
def test_which_address_may_be_used(url: str, allowed: bool, says: str) -> None:
    found = unprotected(url, allowed=allowed)
    assert (found == "") == (says == "")
    assert says in found
    assert "word" not in found.replace("password", "")


@pytest.mark.parametrize(("module", "unwanted"), [("endpoint", ("zeep", "lxml")), ("soap", ("zeep",))])
def test_what_is_not_needed_is_not_imported(module: str, unwanted: tuple[str, ...]) -> None:
    code = f"import sys, shared.erp.prima.{module}; print(sorted(sys.modules.keys() & {set(unwanted)!r}))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert ended.stdout.strip() == "[]"
