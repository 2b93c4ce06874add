"""XML from outside: what is no plain document is refused, quickly and without reaching out."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.erp.prima.markup import Unreadable, child, elements, local, root

BOMB = (
    b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 1000 + b'">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
    b'<a of="&d;">&d;</a>'
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\xff",
        b"plain words",
        b"<a><b></a>",
        b"<a>" + b"<b>" * 300 + b"</b>" * 300 + b"</a>",
        b'<a b="' + b"x" * 11_000_000 + b'"/>',
        b"<html><br></html>",
        b"<a>&other;</a>",
        BOMB,
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://outside.example.com/a.dtd"><a/>',
        BOMB.decode().encode("utf-16"),
        b'<?xml version="1.0" encoding="no-such"?><a/>',
    ],
)
def test_what_is_no_plain_document_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        root(content)
    assert "xxx" not in str(refused.value)


def test_a_file_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    for system in (secret.as_uri(), str(secret)):
        with pytest.raises(Unreadable):
            root(f'<!DOCTYPE a [<!ENTITY e SYSTEM "{system}">]><a>&e;</a>'.encode())
        with pytest.raises(Unreadable):
            root(f'<!DOCTYPE a [<!ENTITY e SYSTEM "{system}">]><a>&e;</a>'.encode("utf-16"))


def test_names_are_compared_without_namespace_and_case() -> None:
    found = root(b'<n:A xmlns:n="urn:n"><!-- one --><?two three?><n:B/><b/><c/></n:A>')
    assert [local(one) for one in elements(found)] == ["B", "b", "c"]
    assert child(found, "b") is elements(found)[0]
    assert child(found, "d") is None
