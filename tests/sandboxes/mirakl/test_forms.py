"""Multipart forms as a client builds them, whatever stands in their files."""

from __future__ import annotations

import httpx
import pytest

from sandboxes.mirakl.forms import read_form, require_form, required_file
from sandboxes.mirakl.refusals import Refusal
from sandboxes.wire import Request

CONTENTS = (b"offer-sku;quantity\nA;3\n", b"A;3", b"--x7f--\r\n--x7f\r\n", b"\r\n\r\nA;3\r\n\r\n", bytes(range(256)))


def request(content: bytes, **fields: str) -> Request:
    built = httpx.Request("POST", "https://north.example.com/", files={"file": ("f.csv", content)}, data=fields)
    return Request.to("POST", "/", headers=dict(built.headers), body=built.read())


@pytest.mark.parametrize("content", CONTENTS, ids=range(len(CONTENTS)))
def test_a_file_comes_out_as_it_went_in(content: bytes) -> None:
    sent = request(content, import_mode="NORMAL")
    require_form(sent)
    form = read_form(sent)

    assert required_file(form) == content
    assert (form["import_mode"].content, form["import_mode"].filename) == (b"NORMAL", "")


def test_a_form_that_was_cut_is_none() -> None:
    whole = request(b"A;3")
    cut = Request.to("POST", "/", headers=whole.headers, body=whole.body[:-10])

    with pytest.raises(Refusal):
        read_form(cut)
