"""
Before the law's first step: the system user that the database server runs as.

PostgreSQL refuses to run as root, so root hands it to a user of its own; everybody else runs it
as himself.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from novator.site.language import complain
from novator.site.language import gettext as _
from novator.site.unavailable import DatabaseUnavailable

SYSTEM_USER = "novator-db"
_UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Account:
    """A user of the system that root can run a program as."""

    name: str
    uid: int
    gid: int


def server_account(cluster: Path) -> Account | None:
    """
    Return whom the server of this data folder must run as; None means: as the caller.

    A folder that exists keeps its owner, so that a user added later does not lock it out.
    """
    if os.name != "posix" or os.geteuid() != 0:
        return None
    if cluster.is_dir() and (owner := cluster.stat()).st_uid != 0:
        return Account(name=str(owner.st_uid), uid=owner.st_uid, gid=owner.st_gid)
    account = _account_named(SYSTEM_USER)
    if account is None:
        _add_system_user()
        account = _account_named(SYSTEM_USER) or _unprivileged_account()
    if account is None:
        raise DatabaseUnavailable(
            _("PostgreSQL does not run as root, and no user %(name)s could be added for it.")
            % {"name": SYSTEM_USER}
        )
    return account


def may_use(account: Account | None, folder: Path, *, write: bool = False) -> bool:
    """Ask the system itself whether the account can enter (and write to) a folder."""
    if account is None:
        return os.access(folder, os.X_OK | (os.W_OK if write else os.R_OK))
    right = "-w" if write else "-r"
    asked = subprocess.run(
        ["/bin/sh", "-c", f'test {right} "$1" && test -x "$1"', "sh", str(folder)],
        cwd="/",
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        check=False,
        capture_output=True,
    )
    return asked.returncode == 0


def give(folder: Path, account: Account | None) -> None:
    """Make the account the owner of a folder of ours and of all that is in it."""
    if account is None or os.name != "posix":
        return
    for parent, folders, files in os.walk(folder):
        for name in (parent, *(str(Path(parent, inner)) for inner in folders + files)):
            os.chown(name, account.uid, account.gid, follow_symlinks=False)


def _unprivileged_account() -> Account | None:
    account = _account_named(_UNPRIVILEGED)
    if account is not None:
        complain(
            _("No user %(wanted)s could be added; the database runs as %(name)s.")
            % {"wanted": SYSTEM_USER, "name": account.name}
        )
    return account


def _account_named(name: str) -> Account | None:
    import pwd

    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)


def _add_system_user() -> None:
    """Add the user with what the system has: useradd, or adduser of the smallest systems."""
    if program := shutil.which("useradd", path=_ADMIN_PATH):
        order = [program, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
        order += ["--shell", "/usr/sbin/nologin", SYSTEM_USER]
    elif program := shutil.which("adduser", path=_ADMIN_PATH):
        order = [program, "-S", "-D", "-H", "-h", "/nonexistent", SYSTEM_USER]
    else:
        return
    subprocess.run(order, check=False, capture_output=True, cwd="/")


_ADMIN_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
