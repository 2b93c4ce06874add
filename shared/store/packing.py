"""JSON as compressed binary columns: exact in its Decimals, in pieces that a column takes."""

from __future__ import annotations

import gzip
from typing import Any

import simplejson

from shared.store.columns import number
from shared.store.tables import Value, Values

PIECE = 60 * 1024


def pack(content: Any) -> dict[str, Value]:
    """Columns `z0`, `z1`, … of at most 60 KiB each, and their number `pieces`."""
    body = simplejson.dumps(content, use_decimal=True, separators=(",", ":"), ensure_ascii=False).encode()
    packed = gzip.compress(body, compresslevel=6, mtime=0)
    pieces = [packed[start : start + PIECE] for start in range(0, len(packed), PIECE)]
    return {"pieces": len(pieces), **{f"z{position}": piece for position, piece in enumerate(pieces)}}


def unpack(values: Values) -> Any:
    """Numbers with a fraction come back as Decimal, the others as int."""
    pieces = (values[f"z{position}"] for position in range(number(values, "pieces")))
    packed = b"".join(piece for piece in pieces if isinstance(piece, bytes))
    return simplejson.loads(gzip.decompress(packed), use_decimal=True)
