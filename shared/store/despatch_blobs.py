"""Despatch files in a blob container (the port `DespatchFiles`); those at its top, not in folders."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from azure.core import MatchConditions
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.storage.blob import BlobProperties
from azure.storage.blob.aio import ContainerClient

from shared.errors import Transient, Unauthorized, Unavailable
from shared.model.keys import DESPATCH_SCOPE
from shared.ports.own import DespatchFile
from shared.store.despatch_names import End, is_waiting, moved

_OPTIONS: Mapping[str, Any] = {"retry_total": 3, "connection_timeout": 5, "read_timeout": 20}
_GONE = (ResourceNotFoundError, ResourceModifiedError)


def _as_it_is(wall: datetime) -> datetime:
    return wall


class BlobDespatchFiles:
    """`at` brings a blob's time, which is the wall's, into the bridge's."""

    def __init__(self, container: ContainerClient, *, at: Callable[[datetime], datetime] = _as_it_is) -> None:
        self._container = container
        self._at = at

    @classmethod
    def connect(
        cls,
        container: str,
        *,
        connection: str = "",
        url: str = "",
        credential: AsyncTokenCredential | None = None,
        at: Callable[[datetime], datetime] = _as_it_is,
    ) -> BlobDespatchFiles:
        """By connection string, or else by the blob service's address and a credential."""
        if connection:
            client = ContainerClient.from_connection_string(connection, container, **_OPTIONS)
        else:
            client = ContainerClient(url, container, credential=credential, **_OPTIONS)
        return cls(client, at=at)

    async def close(self) -> None:
        await self._container.close()

    async def waiting(self, limit: int) -> Sequence[DespatchFile]:
        with _named_errors():
            top = self._container.walk_blobs(delimiter="/")
            blobs = [one async for one in top if isinstance(one, BlobProperties) and is_waiting(str(one.name))]
            oldest = sorted(blobs, key=lambda one: (one.last_modified, str(one.name)))[:limit]
            return [file for one in oldest if (file := await self._read(one)) is not None]

    async def done(self, file: DespatchFile) -> None:
        await self._move(file, "done")

    async def rejected(self, file: DespatchFile) -> None:
        await self._move(file, "rejected")

    async def _read(self, blob: BlobProperties) -> DespatchFile | None:
        """None where another has moved it, or somebody has written it since it was listed."""
        name, version = str(blob.name), _quoted(str(blob.etag))
        try:
            answer = await self._container.download_blob(name, **_if_still(version))
            content = await answer.readall()
        except _GONE:
            return None
        return DespatchFile(name, version, self._at(blob.last_modified), content)

    async def _move(self, file: DespatchFile, end: End) -> None:
        """A copy first: a death in between leaves two, never none. A blob that changed keeps its place."""
        with _named_errors():
            try:
                await self._container.upload_blob(moved(file.name, file.content, end), file.content, overwrite=True)
                await self._container.delete_blob(file.name, **_if_still(file.version))
            except _GONE:
                return


def _quoted(etag: str) -> str:
    """As a condition wants it; a list has them without quotation marks."""
    return etag if etag.startswith(('"', "W/")) else f'"{etag}"'


def _if_still(version: str) -> dict[str, Any]:
    return {"etag": version, "match_condition": MatchConditions.IfNotModified}


@contextlib.contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except AzureError as problem:
        meaning = _named(problem)
        if meaning is None:
            raise
        raise meaning from problem


def _named(problem: AzureError) -> Transient | None:
    if not isinstance(problem, HttpResponseError):
        return Unavailable(f"Blob Storage cannot be reached ({type(problem).__name__})", scope=DESPATCH_SCOPE)
    status = problem.status_code or 500
    if status in (401, 403) or isinstance(problem, ClientAuthenticationError):
        text = "Blob Storage refuses us: give the app's identity the role Storage Blob Data Contributor"
        return Unauthorized(text, scope=DESPATCH_SCOPE)
    if status == 404:
        return Unavailable("the container of despatch files does not exist; provision it", scope=DESPATCH_SCOPE)
    if status in (408, 429) or status >= 500:
        return Unavailable(f"Blob Storage answers {status}", scope=DESPATCH_SCOPE)
    return None
