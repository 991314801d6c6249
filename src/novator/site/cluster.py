"""
Before the law's first step: the folder of the database, made once and whole or not at all.
"""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from novator.site.account import Account, give, may_use, server_account
from novator.site.language import complain
from novator.site.language import gettext as _
from novator.site.programs import Programs, find_programs
from novator.site.strays import end_strays
from novator.site.unavailable import DatabaseUnavailable

MAJOR_VERSION = "18"
SUPERUSER = "novator"
_CLUSTER = "postgres"
_LOCATION = "postgres.location"
SHELTER = Path("/var/lib/novator")
_SOCKET_NAME_LENGTH = len("/.s.PGSQL.65535")
_LONGEST_SOCKET = 103  # bytes that the system allows for the path of a socket, on the strictest one

_SETTINGS = """\
# Written by Novator at every start. Settings of your own go into postgresql.conf, below the line
# that includes this file: what comes later wins.
listen_addresses = '{listen}'
unix_socket_directories = '{socket_folder}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 60
shared_buffers = '128MB'
work_mem = '8MB'
maintenance_work_mem = '64MB'
max_wal_size = '512MB'
wal_level = minimal
max_wal_senders = 0
max_logical_replication_workers = 0
io_method = sync
jit = off
fsync = on
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_checkpoints = off
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
"""


@dataclass(frozen=True)
class Cluster:
    """Where one database lives and how it is reached."""

    data_dir: Path
    home: Path
    """The folder that holds the database and its locks: data_dir, or a shelter outside it."""
    programs: Programs
    over_tcp: bool

    @property
    def folder(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.home / _CLUSTER

    @property
    def log(self) -> Path:
        return self.data_dir / "log" / "database.log"

    @property
    def password_file(self) -> Path:
        return self.data_dir / "postgres.password"


def open_cluster(data_dir: Path, *, over_tcp: bool = os.name == "nt") -> Cluster:
    """
    Find the place of the database of this data folder, and create the folders it needs.

    As root the server is another user, to whom the data folder may be closed: then the database
    lives under /var/lib/novator, and data_dir/postgres.location says where.
    """
    data_dir = data_dir.resolve()
    (data_dir / "log").mkdir(parents=True, exist_ok=True)
    home = _home(data_dir)
    account = server_account(home / _CLUSTER)
    programs = find_programs(account=account, shelter=_shelter() if account else home)
    return Cluster(data_dir=data_dir, home=home, programs=programs, over_tcp=over_tcp)


def create_cluster(cluster: Cluster) -> None:
    """
    Create the database's files under another name and rename them when they are whole.

    A creation that was killed leaves only the other name behind, and starts anew next time.

    :raises DatabaseUnavailable: the folder holds something else, or PostgreSQL could not do it
    """
    if (cluster.folder / "PG_VERSION").exists():
        _refuse_other_version(cluster.folder)
        return
    if cluster.folder.exists() and any(cluster.folder.iterdir()):
        raise DatabaseUnavailable(
            _(
                "%(folder)s holds no PostgreSQL database and is not empty."
                " Move it away, or choose another folder with --data-dir."
            )
            % {"folder": cluster.folder}
        )
    unfinished = cluster.home / f"{_CLUSTER}.unfinished"
    if unfinished.exists():
        end_strays(unfinished)
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700)
    give(unfinished, cluster.programs.account)
    _run_initdb(cluster, unfinished)
    with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write("\ninclude_if_exists = 'novator.conf'\n")
    if cluster.folder.exists():
        cluster.folder.rmdir()
    unfinished.rename(cluster.folder)


def write_settings(cluster: Cluster) -> None:
    """Write the settings that Novator answers for; the operator's own stay in postgresql.conf."""
    text = _SETTINGS.format(
        listen="127.0.0.1" if cluster.over_tcp else "",
        socket_folder="" if cluster.over_tcp else str(socket_folder(cluster)).replace("'", "''"),
    )
    target = cluster.folder / "novator.conf"
    descriptor, name = tempfile.mkstemp(dir=cluster.folder, prefix="novator-", suffix=".tmp")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    if cluster.programs.account is not None:
        os.chown(name, cluster.programs.account.uid, cluster.programs.account.gid)
    Path(name).replace(target)


def _run_initdb(cluster: Cluster, folder: Path) -> None:
    arguments = ["-D", str(folder), "-U", SUPERUSER, "--encoding=UTF8", "--locale=C"]
    arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    arguments += ["--auth-local=trust", "--auth-host=scram-sha-256"]
    if cluster.over_tcp:
        arguments.append(f"--pwfile={_new_password(cluster)}")
    done = cluster.programs.run("initdb", *arguments)
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        words = done.stdout.strip()
        if "No space left on device" in words:
            raise DatabaseUnavailable(
                _("The disk is full: %(place)s. Free some space and start again; no data is lost.")
                % {"place": cluster.home}
            )
        raise DatabaseUnavailable(
            _("PostgreSQL could not create the database in %(folder)s:\n%(words)s")
            % {"folder": cluster.folder, "words": words[-1500:]}
        )


def _new_password(cluster: Cluster) -> Path:
    import secrets

    path = cluster.password_file
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(24))
    if cluster.programs.account is not None:
        os.chown(path, cluster.programs.account.uid, cluster.programs.account.gid)
    return path


def _refuse_other_version(folder: Path) -> None:
    version = (folder / "PG_VERSION").read_text(encoding="ascii", errors="replace").strip()
    if version != MAJOR_VERSION:
        raise DatabaseUnavailable(
            _(
                "%(folder)s was made by PostgreSQL %(theirs)s, this Novator brings %(ours)s."
                " Restore a backup into a new data folder, or run the version that made it."
            )
            % {"folder": folder, "theirs": version[:20], "ours": MAJOR_VERSION}
        )


def _home(data_dir: Path) -> Path:
    location = data_dir / _LOCATION
    if location.exists():
        return _recorded_home(location)
    account = server_account(data_dir / _CLUSTER)
    if account is None or may_use(account, data_dir):
        return data_dir
    home = _shelter() / hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    home.mkdir(exist_ok=True)
    home.chmod(0o755)
    location.write_text(f"{home}\n", encoding="utf-8")
    facts = {"user": account.name, "data_dir": data_dir, "home": home}
    complain(
        _(
            "The database's own user %(user)s cannot reach %(data_dir)s,"
            " so the database is kept in %(home)s."
        )
        % facts
    )
    return home


def _recorded_home(location: Path) -> Path:
    home = Path(location.read_text(encoding="utf-8").strip())
    if not home.is_dir():
        raise DatabaseUnavailable(
            _(
                "The database was kept in %(home)s, which is gone. Bring the folder back,"
                " or delete %(location)s to begin with an empty database."
            )
            % {"home": home, "location": location}
        )
    return home


def _shelter() -> Path:
    """Return the folder that every user of the system can reach, for what root keeps for others."""
    SHELTER.mkdir(parents=True, exist_ok=True)
    SHELTER.chmod(0o755)
    return SHELTER


def socket_folder(cluster: Cluster) -> Path:
    """Return a folder closed to others whose name is short enough for a socket."""
    if _fits(cluster.folder):
        return cluster.folder
    recorded = cluster.home / "postgres.socket"
    if recorded.exists():
        folder = Path(recorded.read_text(encoding="utf-8").strip())
        if _is_private(folder, cluster.programs.account):
            return folder
    folder = Path(tempfile.mkdtemp(prefix="novator-", dir=_runtime_folder()))
    give(folder, cluster.programs.account)
    recorded.write_text(f"{folder}\n", encoding="utf-8")
    return folder


def _runtime_folder() -> Path:
    own = Path(os.environ.get("XDG_RUNTIME_DIR", "") or tempfile.gettempdir())
    if os.access(own, os.W_OK) and _fits(own / "novator-12345678"):
        return own
    return Path("/tmp")  # noqa: S108 the folder made in it is private and has a random name


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder)) + _SOCKET_NAME_LENGTH <= _LONGEST_SOCKET


def _is_private(folder: Path, account: Account | None) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    owner = account.uid if account is not None else os.geteuid()
    return (
        folder.is_dir()
        and not folder.is_symlink()
        and found.st_uid == owner
        and not (found.st_mode & 0o077)
    )
