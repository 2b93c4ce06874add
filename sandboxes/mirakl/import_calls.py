"""STO01 to STO03 and OF01 to OF03: send a file, ask how it went, fetch the lines in error.

201 says that the file was received, and nothing of what becomes of it. A file that cannot be read with the operator's
delimiter ends FAILED, and STO02 has no field that would say why. The columns of STO03 beside the file's own are those
of Mirakl's example of OF03, put first as its text says. A report that is not there is 404 (chosen).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sandboxes.mirakl import offer_file, stock_file
from sandboxes.mirakl.access import Call
from sandboxes.mirakl.csv_tables import DELIMITERS, Row, Table, read_table, written_table
from sandboxes.mirakl.dates import written
from sandboxes.mirakl.file_import import Import, ImportOperation
from sandboxes.mirakl.forms import Part, read_form, required_file
from sandboxes.mirakl.imports import Imports
from sandboxes.mirakl.parameters import boolean, choice
from sandboxes.mirakl.refusals import Refusal, wrong
from sandboxes.wire import Response

REPORT = ("error-line", "error-message")
MODES = ("NORMAL", "REPLACE", "PARTIAL_UPDATE")
OFFER_FORM = ("file", "import_mode", "operator_format", "with_products")
UNREADABLE = "The file could not be read: check its format, its delimiter and its header"


def sto01(call: Call, imports: Imports) -> Response:
    _require_stock_imports(call)
    form = read_form(call.request)
    _note(call, (f"form {name}" for name in form if name != "file"))
    one = _receive(call, imports, "STO01", required_file(form))
    location = f"{call.base}/api/offers/stock/imports/{one.id}/status"
    return Response.of(201, {"import_id": one.id}, location=location)


def sto02(call: Call, imports: Imports) -> Response:
    """The counts are left out before the end: their fields are not required ones."""
    _require_stock_imports(call)
    one = imports.find(call, "STO01")
    _tell(one, call)
    counts = {"lines_in_error": len(one.errors), "lines_in_success": _sound(one)} if one.ended else {}
    return Response.of(200, {**_status(one, call), "import_id": one.id, "shop_id": one.shop.id, **counts})


def sto03(call: Call, imports: Imports) -> Response:
    _require_stock_imports(call)
    one = imports.find(call, "STO01")
    table = _with_errors(one, call)
    lines = [(str(row.number), one.errors[row.number], *_cells(row)) for row in _wrong_rows(one, table)]
    return _file(call, (*REPORT, *table.header), lines, "text/csv;charset=UTF-8")


def of01(call: Call, imports: Imports) -> Response:
    """The old PARTIAL_UPDATE does what NORMAL does (chosen). Products in the file are passed over."""
    form = read_form(call.request)
    _note(call, (f"form {name}" for name in form if name not in OFFER_FORM))
    mode = choice(MODES)("import_mode", _field(form, "import_mode"))
    for name in ("operator_format", "with_products"):
        if name in form and boolean(name, _field(form, name)):
            call.ignored.append(f"form {name}")
    one = _receive(call, imports, "OF01", required_file(form), mode)
    location = f"{call.base}/api/offers/imports/{one.id}"
    return Response.of(201, {"import_id": int(one.id)}, location=location)


def of02(call: Call, imports: Imports) -> Response:
    one = imports.find(call, "OF01")
    _tell(one, call)
    return Response.of(
        200,
        {
            **_status(one, call),
            "import_id": int(one.id),
            "lines_in_error": len(one.errors),
            "lines_in_pending": 0,
            "lines_in_success": _sound(one) if one.ended else 0,
            "lines_read": one.lines if one.ended else 0,
            "mode": one.mode,
            **{f"offer_{effect}": one.effects[effect] for effect in ("deleted", "inserted", "updated")},
            "reason_status": UNREADABLE if one.ended == "FAILED" else None,
            "type": "MIRAKL",
        },
    )


def of03(call: Call, imports: Imports) -> Response:
    one = imports.find(call, "OF01")
    table = _with_errors(one, call)
    lines = [(*_cells(row), str(row.number), one.errors[row.number]) for row in _wrong_rows(one, table)]
    return _file(call, (*table.header, *REPORT), lines, "application/octet-stream")


def _require_stock_imports(call: Call) -> None:
    """An instance that is older than the operation does not know it."""
    if not call.platform.stock_imports:
        raise Refusal(404, "Not Found")


def _receive(call: Call, imports: Imports, operation: ImportOperation, content: bytes, mode: str = "") -> Import:
    module = stock_file if operation == "STO01" else offer_file
    table = read_table(content, DELIMITERS[call.platform.csv_delimiter], module.REQUIRED)
    _note(call, (f"column {name}" for name in (table.unknown(module.COLUMNS) if table else ())))
    return imports.receive(call, operation, table, hashlib.sha256(content).hexdigest(), mode)


def _field(form: dict[str, Part], name: str) -> str:
    if name not in form:
        raise wrong(name, "It is required.")
    return form[name].content.decode("utf-8", "replace")


def _status(one: Import, call: Call) -> dict[str, Any]:
    return {
        "date_created": written(one.created),
        "has_error_report": bool(one.ended and one.errors),
        "status": one.status(call.now),
    }


def _tell(one: Import, call: Call) -> None:
    if one.ended and one.told_at is None:
        one.told_at = call.now


def _sound(one: Import) -> int:
    """Of a file that FAILED no line was taken."""
    return one.lines - len(one.errors) if one.ended == "COMPLETE" else 0


def _with_errors(one: Import, call: Call) -> Table:
    if not one.ended or not one.errors or one.table is None:
        raise Refusal(404, "Not Found")
    one.report_read_at = one.report_read_at or call.now
    return one.table


def _wrong_rows(one: Import, table: Table) -> Iterable[Row]:
    return (row for row in table.rows if row.number in one.errors)


def _cells(row: Row) -> tuple[str, ...]:
    """As many as the header has: the file is one to be sent again."""
    return (row.cells + ("",) * len(row.header))[: len(row.header)]


def _file(call: Call, header: Sequence[str], lines: Iterable[Sequence[str]], kind: str) -> Response:
    content = written_table(header, lines, DELIMITERS[call.platform.csv_delimiter])
    return Response(200, content, {"content-type": kind})


def _note(call: Call, names: Iterable[str]) -> None:
    call.ignored.extend(names)
