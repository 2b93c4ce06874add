"""What cannot be used stops the app as it starts, before the first order."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from shared.erp.prima.connect import open_erp
from shared.erp.surroundings import Surroundings
from shared.errors import SettingsError
from tests.erp.prima.drafts import configuration
from tests.erp.prima.web_service import Vault
from tests.erp.prima.wsdls import wsdl
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_lists import MemoryLists


def opened(pinned: str, *, names_company: bool = True) -> None:
    """Nothing is asked for: the transport fails every call."""
    known = configuration(names_company=names_company)
    known = replace(known, endpoint=replace(known.endpoint, pinned_wsdl=pinned))
    http = httpx.AsyncClient(transport=httpx.MockTransport(_nobody))
    open_erp(known, Surroundings(http, Vault(), VirtualClock(), MemoryLists()))


def _nobody(_: httpx.Request) -> httpx.Response:
    raise AssertionError("nothing is called at start")


@pytest.mark.parametrize("pinned", ["", wsdl().decode()])
def test_it_opens_without_a_call(pinned: str) -> None:
    opened(pinned)


@pytest.mark.parametrize(
    ("pinned", "names_company", "says"),
    [
        ("/nowhere/prima.wsdl", True, "cannot be read"),
        ("<html/>", True, "cannot be used"),
        (wsdl("rpc-literal", {"wsomhandler": (["pcAsked"], ["pcAnswered"])}).decode(), True, "comwsomhandler"),
        (wsdl("rpc-literal", {"comwsomhandler": (["a", "b"], ["c"])}).decode(), False, "wsomhandler"),
    ],
    ids=["no file", "no WSDL", "without companies", "with companies alone"],
)
def test_a_pinned_wsdl_that_does_not_fit_stops_the_start(pinned: str, names_company: bool, says: str) -> None:
    with pytest.raises(SettingsError, match=f"pinned WSDL.*{says}"):
        opened(pinned, names_company=names_company)
