"""`$batch` byte by byte: what is taken apart, what is refused, what comes back, and what is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandboxes.finance_supply_chain import batch
from sandboxes.finance_supply_chain.batch import Answered, Changeset, Operation
from sandboxes.finance_supply_chain.errors import Refusal
from sandboxes.wire import Response
from tests.sandboxes.finance_supply_chain.caller import (
    CRLF,
    Answer,
    Caller,
    answers,
    changeset,
    header,
    line,
    operation,
    order_changeset,
    whole,
)

TYPE = "multipart/mixed; boundary=batch_1"
READ = operation("GET", "CustomersV3?cross-company=true")
CREATE = operation("POST", "SalesOrderHeadersV3", {"a": 1}, content_id="1")


def read(body: bytes, content_type: str = TYPE) -> tuple[Operation | Changeset, ...]:
    return batch.parse(content_type, body)


def test_operations_and_changesets_are_taken_apart() -> None:
    first, second = read(whole(READ, changeset(CREATE, operation("DELETE", "/data/X(k='1')", content_id="2"))))

    assert isinstance(first, Operation)
    assert (first.request.method, first.request.path) == ("GET", "/data/CustomersV3")
    assert first.request.query == (("cross-company", "true"),)
    assert isinstance(second, Changeset)
    assert [(one.request.method, one.content_id) for one in second.operations] == [("POST", "1"), ("DELETE", "2")]
    assert second.operations[0].request.json() == {"a": 1}


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("SalesOrderHeadersV3", "/data/SalesOrderHeadersV3"),
        ("/data/SalesOrderHeadersV3", "/data/SalesOrderHeadersV3"),
        ("https://finance.example.com/data/SalesOrderHeadersV3", "/data/SalesOrderHeadersV3"),
        ("SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='A:1')", None),
        ("$1", "$1"),
    ],
)
def test_urls_are_relative_to_the_service_root_or_absolute(url: str, path: str | None) -> None:
    (one,) = read(whole(operation("GET", url)))

    assert isinstance(one, Operation)
    assert one.request.path == (path or f"/data/{url}")


BODY = whole(changeset(CREATE)).decode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(BODY, 'multipart/mixed;boundary="batch_1"', id="quoted boundary"),
        pytest.param(BODY, "Multipart/Mixed; charset=utf-8; boundary=batch_1", id="case and parameters"),
        pytest.param("preamble" + CRLF + BODY, TYPE, id="preamble"),
        pytest.param(BODY + "epilogue", TYPE, id="epilogue"),
        pytest.param(BODY.removesuffix(CRLF), TYPE, id="no line end at the end"),
        pytest.param(BODY.replace("--batch_1\r", "--batch_1 \t\r"), TYPE, id="blanks after a delimiter"),
        pytest.param(BODY.replace("changeset_1", "batch_1x"), TYPE, id="inner boundary starts like the outer"),
        pytest.param(BODY.replace("Content-Type", "content-type"), TYPE, id="header names in lower case"),
        pytest.param(BODY.replace('{"a": 1}', '{"a":\n1}'), TYPE, id="line feed inside the JSON"),
        pytest.param(BODY.replace("\r\n\r\n{", "\r\nContent-Length: 8\r\n\r\n{"), TYPE, id="right length"),
    ],
)
def test_bytes_that_are_allowed(body: str, content_type: str) -> None:
    (one,) = read(body.encode(), content_type)

    assert isinstance(one, Changeset)
    assert one.operations[0].request.json() == {"a": 1}


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        pytest.param(BODY, "application/json", "media type", id="JSON batch"),
        pytest.param(BODY, "multipart/mixed", "boundary specification", id="no boundary"),
        pytest.param(BODY, "multipart/mixed; boundary=" + "b" * 71, "boundary specification", id="long boundary"),
        pytest.param(BODY, "multipart/mixed; boundary=other", "closing boundary", id="other boundary"),
        pytest.param("", TYPE, "closing boundary", id="empty"),
        pytest.param("--batch_1--", TYPE, "no parts", id="no parts"),
        pytest.param(BODY.replace(CRLF, "\n"), TYPE, "closing boundary", id="LF for CRLF"),
        pytest.param(BODY.removesuffix(f"--batch_1--{CRLF}"), TYPE, "closing boundary", id="not closed"),
        pytest.param(BODY.replace(f"--changeset_1--{CRLF}", ""), TYPE, "closing boundary", id="changeset not closed"),
        pytest.param(BODY.replace("Content-Type: application/http\r\n", ""), TYPE, "application/http", id="no type"),
        pytest.param(
            BODY.replace("Content-Transfer-Encoding: binary\r\n", ""), TYPE, "Transfer-Encoding", id="no encoding"
        ),
        pytest.param(BODY.replace("Content-ID: 1\r\n", ""), TYPE, "'Content-ID' was not", id="no content id"),
        pytest.param(BODY.replace(" HTTP/1.1", ""), TYPE, "request line", id="no version"),
        pytest.param(BODY.replace("HTTP/1.1", "HTTP/2"), TYPE, "request line", id="other version"),
        pytest.param(BODY.replace("POST Sales", "POST  Sales"), TYPE, "request line", id="two blanks"),
        pytest.param(BODY.replace("\r\n\r\n{", "\r\n{"), TYPE, "no empty line", id="no empty line"),
        pytest.param(BODY.replace("Content-ID: 1", "Content-ID"), TYPE, "no header", id="no header"),
        pytest.param(
            BODY.replace("\r\n\r\n{", "\r\nContent-Length: 99\r\n\r\n{"), TYPE, "Content-Length", id="wrong length"
        ),
        pytest.param(whole(changeset(READ)).decode(), TYPE, "query operation", id="GET in a changeset"),
        pytest.param(whole(changeset(CREATE, CREATE)).decode(), TYPE, "more than once", id="content id twice"),
    ],
)
def test_bytes_that_are_refused(body: str, content_type: str, text: str) -> None:
    with pytest.raises(Refusal, match=text) as caught:
        read(body.encode(), content_type)

    assert caught.value.status == 400


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=3))
def test_any_json_arrives_as_it_was_sent(content: dict[str, str]) -> None:
    (one,) = read(whole(operation("POST", "X", content)))

    assert isinstance(one, Operation)
    assert one.request.json() == content


@given(st.binary(max_size=300))
def test_nonsense_is_refused_and_never_breaks_the_reader(body: bytes) -> None:
    with pytest.raises(Refusal):
        read(body.replace(b"--batch_1--", b""))


def test_an_answer_is_nested_multipart_that_the_email_package_reads() -> None:
    ok = Response.of(201, {"name": "Zoë"})
    response = batch.compose([[Answered(ok, "1"), Answered(ok, "2")], Answered(Response(204), "")], "t")

    nested, single = answers(response)
    assert isinstance(nested, list)
    assert [(one.status, one.content_id, one.json()["name"]) for one in nested] == [
        (201, "1", "Zoë"),
        (201, "2", "Zoë"),
    ]
    assert isinstance(single, Answer)
    assert (single.status, single.body) == (204, "")


def created(response: Response) -> list[Any]:
    (items,) = answers(response)
    assert isinstance(items, list)
    return [one.json() for one in items if one.status == 201]


def test_a_changeset_creates_header_and_lines_together() -> None:
    caller = Caller()
    response = caller.batch(order_changeset(line(), line(ItemNumber="SHIPPING", ExternalItemNumber="S")))

    entered, first, second = created(response)
    assert response.status == 200
    assert entered["SalesOrderNumber"] == "MKA-0001-A"
    assert (first["LineAmount"], first["LineNumber"], second["LineNumber"]) == (Decimal("39.8"), 1, 2)
    (order,) = caller.books()["orders"]
    assert [one["item"] for one in order["lines"]] == ["ITEM-001", "SHIPPING"]


@pytest.mark.parametrize(
    ("lines", "refused", "text"),
    [
        ((line(), line(ItemNumber="ITEM-999")), "3", "'ITEM-999' in field 'Item number'"),
        ((line(ExternalNumber="x"), line()), "2", "'ExternalNumber' does not exist"),
    ],
    ids=["by a rule", "by its type"],
)
def test_one_failing_line_rolls_the_changeset_back_and_is_its_only_answer(
    lines: tuple[dict[str, Any], ...], refused: str, text: str
) -> None:
    caller = Caller()
    response = caller.batch(order_changeset(*lines))

    (answer,) = answers(response)
    assert response.status == 200
    assert isinstance(answer, Answer)
    assert (answer.status, answer.content_id) == (400, refused)
    assert text in answer.json()["error"]["innererror"]["message"]
    assert caller.books()["orders"] == []
    assert caller.books()["rolled_back"] == 1
    assert caller.get("SalesOrderLinesV3?cross-company=true")["value"] == []
    assert len(created(caller.batch(order_changeset()))) == 2


def test_a_changeset_that_fails_leaves_an_older_order_as_it_was() -> None:
    caller = Caller()
    number = caller.order()
    before = caller.get("SalesOrderHeadersV3")["value"]
    key = f"SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='{number}')?cross-company=true"
    lot = caller.get("SalesOrderLinesV3")["value"][0]["InventoryLotId"]
    caller.batch(
        whole(
            changeset(
                operation("PATCH", key, {"IsSalesProcessingStopped": "Yes", "Email": "x"}, content_id="1"),
                operation("DELETE", f"SalesOrderLinesV3(dataAreaId='usmf',InventoryLotId='{lot}')", content_id="2"),
                operation("POST", "SalesOrderLinesV3", line(ItemNumber="ITEM-999"), content_id="3"),
            )
        )
    )

    assert caller.get("SalesOrderHeadersV3")["value"] == before
    assert [one["InventoryLotId"] for one in caller.get("SalesOrderLinesV3")["value"]] == [lot]


def test_without_a_changeset_each_operation_stands_for_itself() -> None:
    caller = Caller()
    response = caller.batch(
        whole(
            operation("POST", "SalesOrderHeadersV3?cross-company=true", header(CurrencyCode="XTS")),
            operation("POST", "SalesOrderHeadersV3?cross-company=true", header()),
            operation("GET", "SalesOrderHeadersV3?$select=SalesOrderNumber"),
        )
    )

    items = [one for one in answers(response) if isinstance(one, Answer)]
    assert [one.status for one in items] == [400, 201, 200]
    assert items[2].json()["value"][0]["SalesOrderNumber"] == "MKA-0001-A"


def test_a_content_id_stands_for_the_record_that_its_operation_created() -> None:
    caller = Caller({"number_sequence": "automatic"})
    response = caller.batch(
        whole(
            changeset(
                operation("POST", "SalesOrderHeadersV3", header(SalesOrderNumber=...), content_id="1"),
                operation("PATCH", "$1?cross-company=true", {"IsSalesProcessingStopped": "Yes"}, content_id="2"),
            )
        )
    )

    assert len(created(response)) == 1
    assert caller.books()["orders"][0]["held"] is True


@pytest.mark.parametrize("url", ["$9", "/api/SalesOrderHeadersV3"])
def test_an_operation_that_leads_nowhere_fails_its_changeset(url: str) -> None:
    caller = Caller()
    (answer,) = answers(caller.batch(whole(changeset(CREATE.replace("SalesOrderHeadersV3", url)))))

    assert isinstance(answer, Answer)
    assert answer.status in (400, 404)


def test_a_batch_has_a_largest_size() -> None:
    caller = Caller({"batch_size": 2})

    assert caller.batch(whole(READ, READ)).status == 200
    answer = caller.batch(whole(READ, READ, READ))
    assert answer.status == 400
    assert "at most 2" in answer.json()["error"]["message"]
    assert caller.call("GET", "$batch").status == 405


def test_unicode_comes_through_a_batch_unharmed() -> None:
    caller = Caller()
    entered, _ = created(caller.batch(order_changeset(DeliveryAddressCity="Łódź 東京 😀")))

    assert entered["DeliveryAddressCity"] == "Łódź 東京 😀"
