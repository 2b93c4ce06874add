"""The deployment package, as deployment builds it: the project folder as it is, without what .funcignore names."""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from pathspec import GitIgnoreSpec

from local.processes import ROOT, WORK


def contents(root: Path = ROOT) -> Sequence[Path]:
    """Every file that is deployed, relative to `root`, in order."""
    ignored = GitIgnoreSpec.from_lines((root / ".funcignore").read_text().splitlines())
    found: list[Path] = []
    for folder, folders, files in os.walk(root):
        here = Path(folder).relative_to(root)
        folders[:] = [name for name in folders if not ignored.match_file(f"{(here / name).as_posix()}/")]
        found.extend(here / name for name in files if not ignored.match_file((here / name).as_posix()))
    return sorted(found)


def build(target: Path, root: Path = ROOT) -> Path:
    """Write the zip; equal contents make equal bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for path in contents(root):
            entry = zipfile.ZipInfo(path.as_posix(), date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, (root / path).read_bytes())
    return target


def main(argv: Sequence[str]) -> None:
    """`python -m local.package [target]`: build it and say where it is."""
    target = build(Path(argv[0]) if argv else WORK / "package" / "mirakl-erp-bridge.zip")
    print(f"{target}: {len(contents())} files, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
