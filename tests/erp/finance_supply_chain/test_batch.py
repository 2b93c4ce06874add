"""The batch as a strict reader sees it, and a table of what F&O or a gateway may answer."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.erp.finance_supply_chain.batch import Post, answers, changeset
from shared.erp.microsoft.odata import Unreadable, dumps
from shared.erp.transport import Answer
from tests.erp.finance_supply_chain.drafts import URL

BODIES = st.dictionaries(st.text(), st.text() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False))


@given(st.lists(BODIES, min_size=1, max_size=4))
def test_a_multipart_reader_finds_every_post_as_it_was(bodies: list[dict[str, object]]) -> None:
    sent = changeset(URL, [Post("SalesOrderLinesV3", body) for body in bodies])
    whole = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {sent.content_type}\r\n\r\n".encode() + sent.content)
    (inner,) = whole.iter_parts()
    operations = list(inner.iter_parts())
    assert inner.get_content_type() == "multipart/mixed"
    assert [part["Content-ID"] for part in operations] == [str(number + 1) for number in range(len(bodies))]
    for part, body in zip(operations, bodies, strict=True):
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        head, _, content = payload.partition(b"\r\n\r\n")
        assert head.startswith(f"POST {URL}/data/SalesOrderLinesV3?cross-company=true HTTP/1.1\r\n".encode())
        assert content.rstrip(b"\r\n") == dumps(body)


def test_same_posts_give_the_same_bytes() -> None:
    posts = [Post("SalesOrderHeadersV3", {"SalesOrderNumber": "NO-1"})]
    assert changeset(URL, posts) == changeset(URL, posts)


def http_part(status: int, body: str, *, number: int = 1) -> str:
    return (
        "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        f"HTTP/1.1 {status} Some Words\r\nContent-ID: {number}\r\nContent-Type: application/json\r\n\r\n{body}"
    )


def multipart(boundary: str, *parts: str) -> str:
    return "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"


def nested(*parts: str) -> str:
    return multipart("b", 'Content-Type: multipart/mixed; boundary="c"\r\n\r\n' + multipart("c", *parts))


CREATED = nested(http_part(201, '{"a":1}'), http_part(201, '{"b":"--c"}', number=2))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(CREATED, [(201, b'{"a":1}'), (201, b'{"b":"--c"}')], id="created"),
        pytest.param(CREATED.replace("\r\n", "\n"), [(201, b'{"a":1}'), (201, b'{"b":"--c"}')], id="bare line feeds"),
        pytest.param(
            "a preamble\r\n" + CREATED + "an epilogue", [(201, b'{"a":1}'), (201, b'{"b":"--c"}')], id="preamble"
        ),
        pytest.param(multipart("b", http_part(400, '{"error":{}}')), [(400, b'{"error":{}}')], id="error, not nested"),
        pytest.param(nested(http_part(500, '{"error":{}}')), [(500, b'{"error":{}}')], id="error, nested"),
        pytest.param(
            multipart("b", "Content-Type: application/http\r\n\r\nHTTP/1.1 204 No Content"), [(204, b"")], id="no body"
        ),
        pytest.param(
            multipart("b", "Content-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"),
            [(204, b"")],
            id="neither header nor body",
        ),
        pytest.param(nested(http_part(201, '{\n "a": 1\n}\r\n')), [(201, b'{\n "a": 1\n}\r\n')], id="pretty JSON"),
    ],
)
def test_answers_inside(body: str, expected: list[tuple[int, bytes]]) -> None:
    found = answers(Answer(200, body.encode(), {"content-type": "multipart/mixed; boundary=b"}))
    assert [(part.status, part.body) for part in found] == expected


def test_headers_inside_belong_to_their_part() -> None:
    part = "Content-Type: application/http\r\n\r\nHTTP/1.1 429 Wait\r\nRetry-After: 7\r\n\r\n"
    (found,) = answers(Answer(200, multipart("b", part).encode(), {"content-type": "multipart/mixed; boundary=b"}))
    assert found.headers["retry-after"] == "7"


@pytest.mark.parametrize("kept", range(len(CREATED) - len("--\r\n")))
def test_answer_that_breaks_off_anywhere_is_unreadable(kept: int) -> None:
    with pytest.raises(Unreadable):
        answers(Answer(200, CREATED[:kept].encode(), {"content-type": "multipart/mixed; boundary=b"}))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", "<html>Maintenance</html>"),
        ("", CREATED),
        ("application/json", '{"responses":[]}'),
        ("multipart/mixed", CREATED),
        ("multipart/mixed; boundary=other", CREATED),
        ("multipart/mixed; boundary=b", multipart("b", "Content-Type: text/html\r\n\r\n<html>")),
        ("multipart/mixed; boundary=b", multipart("b", "Content-Type: application/http\r\n\r\n<html>")),
        ("multipart/mixed; boundary=b", "--b--\r\n"),
        ("multipart/mixed; boundary=b", CREATED.replace("--c--", "")),
        ("multipart/mixed; boundary=b", multipart("b", http_part(201, "{}"), http_part(201, "{}"))[:-8]),
    ],
)
def test_what_is_no_batch_answer_is_unreadable(content_type: str, body: str) -> None:
    with pytest.raises(Unreadable):
        answers(Answer(200, body.encode(), {"content-type": content_type}))
