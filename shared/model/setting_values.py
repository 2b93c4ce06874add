"""What may stand in a setting: addresses, names of secrets, schedules, durations; each complaint gives the remedy."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_SECRET_NAME = re.compile(r"[A-Za-z0-9-]{1,127}")
_SCHEDULE_FIELDS = 6


def is_private(url: str) -> bool:
    """Nobody between us and the other side can read along: TLS, or this machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or _is_here(url))


def _is_here(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in _LOOPBACK


def _outside_address(value: str) -> str:
    if is_private(value):
        return value.rstrip("/")
    raise ValueError("use an https:// address (plain http is accepted to this machine only)")


def _secret_name(value: str) -> str:
    if not _SECRET_NAME.fullmatch(value):
        raise ValueError("give the name of a secret (letters, digits and hyphens), never its value")
    return value


def _schedule(value: str) -> str:
    if len(value.split()) != _SCHEDULE_FIELDS:
        raise ValueError("write NCRONTAB with six fields, seconds first, such as 0 * * * * *")
    return value


OutsideAddress = Annotated[str, AfterValidator(_outside_address)]
SecretName = Annotated[str, AfterValidator(_secret_name)]
Schedule = Annotated[str, AfterValidator(_schedule)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")]
Positive = Annotated[timedelta, Field(gt=timedelta(0))]


class Json(BaseModel):
    """A JSON object inside a setting: what is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
