"""Keys of rows: opaque parts made safe for Table Storage and joined, so that different parts never make one key."""

from __future__ import annotations

import hashlib
import re

from shared.store.tables import Range

SEPARATOR = "|"
_AFTER_SEPARATOR = "}"
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
_SAFE = re.compile(r"[A-Za-z0-9._-]*")
_ESCAPED = re.compile(r"=([0-9A-F]{2})")

MAXIMUM_PART = 150
MAXIMUM_KEY = 512
"""Characters: the service's 1 KiB counts UTF-16."""
_EMPTY = "="
_DIGESTED = "~"
_HEAD = 80
_KEPT = MAXIMUM_KEY - 65


def escape(part: str) -> str:
    """`[A-Za-z0-9._-]` as they are, every other UTF-8 byte as `=XX`; a part that gets too long as a digest."""
    if _SAFE.fullmatch(part):
        plain = part
    else:
        encoded = part.encode("utf-8", "surrogatepass")
        plain = "".join(chr(byte) if byte in _PLAIN else f"={byte:02X}" for byte in encoded)
    return plain if len(plain) <= MAXIMUM_PART else _digested(plain, _HEAD)


def unescape(part: str) -> str:
    """The part that was escaped. Raises ValueError for a digest, which cannot be turned back."""
    if _DIGESTED in part:
        raise ValueError("a digested key part cannot be turned back; read the row's columns")
    if _ESCAPED.sub("", part).count("="):
        raise ValueError("not an escaped key part")
    encoded = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), part).encode("latin-1")
    return encoded.decode("utf-8", "surrogatepass")


def join(*parts: str) -> str:
    """One key of these parts; never empty, never longer than the service takes."""
    key = _joined(parts) or _EMPTY
    return key if len(key) <= MAXIMUM_KEY else _digested(key, _KEPT)


def under(*parts: str) -> Range:
    """The range of every key that starts with these parts, at most two, and has more."""
    start = _joined(parts)
    return Range(start + SEPARATOR, start + _AFTER_SEPARATOR)


def _joined(parts: tuple[str, ...]) -> str:
    return SEPARATOR.join(escape(part) for part in parts)


def _digested(text: str, head: int) -> str:
    """Keeps the head, so that ranges by the leading parts still find it."""
    return f"{text[:head]}{_DIGESTED}{hashlib.sha256(text.encode()).hexdigest()}"
