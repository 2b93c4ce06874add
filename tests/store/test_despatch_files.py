"""Where warehouses drop despatch files: a folder, a blob container, and the fake, all with the same promises."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from azure.core.exceptions import HttpResponseError, ResourceModifiedError, ResourceNotFoundError, ServiceRequestError
from azure.storage.blob import BlobPrefix, BlobProperties
from azure.storage.blob.aio import ContainerClient

from shared.errors import Unauthorized, Unavailable
from shared.ports.own import DespatchFiles
from shared.store.despatch_blobs import BlobDespatchFiles
from shared.store.despatch_folder import FolderDespatchFiles
from tests.builders import NOW
from tests.fakes.clock import VirtualClock
from tests.fakes.despatch_files import MemoryDespatchFiles

Write = Callable[[str, bytes], None]


@dataclass
class FakeContainer:
    """What the adapter uses of a blob container: ETags, a walk of its top, conditions."""

    blobs: dict[str, tuple[bytes, str, datetime]] = field(default_factory=dict)
    failure: Exception | None = None
    writes: int = 0

    def write(self, name: str, content: bytes) -> None:
        self.writes += 1
        self.blobs[name] = (content, f'"{self.writes}"', NOW + timedelta(seconds=self.writes))

    async def walk_blobs(self, *, delimiter: str) -> AsyncIterator[BlobProperties | BlobPrefix]:
        if self.failure:
            raise self.failure
        for name, (_, etag, changed) in sorted(self.blobs.items()):
            if delimiter in name:
                yield BlobPrefix(name.split(delimiter)[0] + delimiter)
            else:
                one = BlobProperties(name=name)
                one.etag, one.last_modified = etag.strip('"'), changed  # a list has them without quotation marks
                yield one

    async def download_blob(self, name: str, *, etag: str, match_condition: object) -> FakeDownload:
        return FakeDownload(self._still(name, etag))

    async def upload_blob(self, name: str, content: bytes, *, overwrite: bool) -> None:
        self.write(name, content)

    async def delete_blob(self, name: str, *, etag: str, match_condition: object) -> None:
        self._still(name, etag)
        del self.blobs[name]

    def _still(self, name: str, etag: str) -> bytes:
        if name not in self.blobs:
            raise ResourceNotFoundError("gone")
        content, there, _ = self.blobs[name]
        if there != etag:
            raise ResourceModifiedError("changed")
        return content


@dataclass
class FakeDownload:
    content: bytes

    async def readall(self) -> bytes:
        return self.content


@dataclass
class Place:
    """A place, how a warehouse writes there, and what lies in it by now."""

    files: DespatchFiles
    write: Write
    names: Callable[[], list[str]]


def folder(path: Path) -> Place:
    writes = iter(range(10**6))

    def write(name: str, content: bytes) -> None:
        (path / name).write_bytes(content)
        at = (NOW + timedelta(seconds=next(writes))).timestamp()
        os.utime(path / name, (at, at))

    def names() -> list[str]:
        return sorted(str(one.relative_to(path)) for one in path.rglob("*") if one.is_file())

    return Place(FolderDespatchFiles(path), write, names)


def blobs(_: Path) -> Place:
    container = FakeContainer()
    files = BlobDespatchFiles(cast(ContainerClient, container))
    return Place(files, container.write, lambda: sorted(container.blobs))


def memory(_: Path) -> Place:
    files = MemoryDespatchFiles(VirtualClock(NOW))

    def names() -> list[str]:
        moved = [f"{end}/{name}" for end, some in files.dealt_with.items() for name in some]
        return sorted([*files.there, *moved])

    return Place(files, files.drop, names)


@pytest.fixture(params=[folder, blobs, memory])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    made: Place = request.param(tmp_path)
    return made


async def waiting(place: Place, limit: int = 10) -> list[tuple[str, bytes]]:
    return [(one.name, one.content) for one in await place.files.waiting(limit)]


async def test_the_oldest_come_first_and_no_more_than_wanted(place: Place) -> None:
    for name in ("c.csv", "a.csv", "b.csv"):
        place.write(name, name.encode())
    found = await waiting(place, 2)
    assert len(found) == 2
    assert set(await waiting(place)) == {("a.csv", b"a.csv"), ("b.csv", b"b.csv"), ("c.csv", b"c.csv")}


@pytest.mark.parametrize("end", ["done", "rejected"])
async def test_what_is_dealt_with_moves_and_does_not_come_again(place: Place, end: str) -> None:
    place.write("out.csv", b"rows")
    [file] = await place.files.waiting(10)
    await (place.files.done(file) if end == "done" else place.files.rejected(file))
    assert await waiting(place) == []
    [name] = place.names()
    assert name.startswith(f"{end}/out")
    assert name.endswith(".csv")


async def test_two_instances_move_it_once(place: Place) -> None:
    place.write("out.csv", b"rows")
    [file] = await place.files.waiting(10)
    await place.files.done(file)
    await place.files.done(file)
    assert await waiting(place) == []


async def test_a_file_that_grew_meanwhile_stays_and_comes_again(place: Place) -> None:
    place.write("out.csv", b"rows")
    [file] = await place.files.waiting(10)
    place.write("out.csv", b"rows and more")
    await place.files.done(file)
    assert await waiting(place) == [("out.csv", b"rows and more")]


@pytest.mark.parametrize("make", [folder, blobs])
async def test_one_name_used_every_day_overwrites_nothing(make: Callable[[Path], Place], tmp_path: Path) -> None:
    place = make(tmp_path)
    for content in (b"monday", b"tuesday"):
        place.write("out.csv", content)
        [file] = await place.files.waiting(10)
        await place.files.done(file)
    assert len([one for one in place.names() if one.startswith("done/")]) == 2


@pytest.mark.parametrize("make", [folder, blobs])
async def test_what_is_still_being_transferred_is_left_alone(make: Callable[[Path], Place], tmp_path: Path) -> None:
    place = make(tmp_path)
    for name in (".hidden.csv", "out.csv.part", "out.csv.filepart", "out.TMP"):
        place.write(name, b"half")
    assert await waiting(place) == []


async def test_a_files_time_is_brought_into_the_bridges(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_bytes(b"rows")
    os.utime(tmp_path / "out.csv", (0, 0))
    [file] = await FolderDespatchFiles(tmp_path, at=lambda wall: wall + timedelta(days=1)).waiting(1)
    assert file.changed == datetime(1970, 1, 2, tzinfo=UTC)


async def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="FileNotFoundError") as caught:
        await FolderDespatchFiles(tmp_path / "none").waiting(1)
    assert caught.value.scope == "despatch_files"


def answered(status: int) -> HttpResponseError:
    response: Any = type("Response", (), {"status_code": status, "reason": "", "headers": {}, "content_type": ""})()
    return HttpResponseError("refused", response=response)


@pytest.mark.parametrize(
    ("failure", "meaning"),
    [
        (answered(403), Unauthorized),
        (answered(404), Unavailable),
        (answered(503), Unavailable),
        (answered(429), Unavailable),
        (ServiceRequestError("no name"), Unavailable),
        (answered(400), HttpResponseError),
    ],
)
async def test_a_container_that_fails_is_named(failure: Exception, meaning: type[Exception]) -> None:
    files = BlobDespatchFiles(cast(ContainerClient, FakeContainer(failure=failure)))
    with pytest.raises(meaning):
        await files.waiting(1)
