"""Where despatch files are dropped, as the setting `DESPATCH_FILES` names it; built only where it is set."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from azure.core.credentials_async import AsyncTokenCredential

from shared.model.despatch import DespatchSetting
from shared.ports.own import DespatchFiles
from shared.store.despatch_folder import FolderDespatchFiles


async def _nothing() -> None:
    return None


def despatch_files(
    setting: DespatchSetting | None,
    *,
    at: Callable[[datetime], datetime],
    credential: Callable[[], AsyncTokenCredential],
) -> tuple[DespatchFiles | None, Callable[[], Awaitable[object]]]:
    """With how to let go of it. `credential` is asked for where an account is named by its address."""
    if setting is None:
        return None, _nothing
    if setting.folder:
        return FolderDespatchFiles(Path(setting.folder), at=at), _nothing
    from shared.store.despatch_blobs import BlobDespatchFiles

    blobs = BlobDespatchFiles.connect(
        setting.container,
        connection=setting.connection,
        url=setting.url or "",
        credential=None if setting.connection else credential(),
        at=at,
    )
    return blobs, blobs.close
