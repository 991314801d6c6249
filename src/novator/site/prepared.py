"""Before the law's first step: whether the last start has prepared the data for just this code."""

import hashlib
import sysconfig
from collections.abc import Iterator
from pathlib import Path

QUIETLY = "quietly"
"""What a preparation is told that shows no steps, because the site runs meanwhile."""

DAMAGED = 3
"""How a preparation ends that met a damaged file of the installation: the next one would too."""

_PACKAGE = Path(__file__).resolve().parent.parent
_TELLING = {"migrations", "static"}


def tables_ready(data_dir: Path) -> Path:
    """
    Return the file whose being there says that the web server may start already.

    Catalogue and index may still be on their way.
    """
    return data_dir / "novator.tables"


def all_ready(data_dir: Path) -> Path:
    """Return the file that holds the fingerprint of the code by which a preparation ended well."""
    return data_dir / "novator.prepared"


def is_prepared(data_dir: Path) -> bool:
    """
    Tell whether everything was prepared, to its end, by the code that runs now.

    Then the site may run while the preparation looks once more: the database may be another one.
    """
    if not (data_dir / "static").is_dir() or not tables_ready(data_dir).exists():
        return False
    try:
        return all_ready(data_dir).read_text(encoding="ascii") == fingerprint()
    except (OSError, ValueError):
        return False


def fingerprint() -> str:
    """Return what changes with migrations, files of the pages and the packages installed."""
    known = hashlib.sha256()
    for place in ("purelib", "platlib"):
        names = sorted(path.name for path in Path(sysconfig.get_path(place)).glob("*-info"))
        known.update("\n".join(names).encode())
    for path in sorted(_telling_files()):
        found = path.stat()
        known.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return known.hexdigest()


def _telling_files() -> Iterator[Path]:
    for name in _TELLING:
        for folder in (*_PACKAGE.glob(f"*/{name}"), *_PACKAGE.glob(f"*/*/{name}")):
            yield from (path for path in folder.rglob("*") if path.suffix not in {"", ".pyc"})
