"""
Before the law's first step: the embedded PostgreSQL, started, shared by processes and stopped.

Every process that uses the server holds a lock on a file of its own in the database's home; the
last one to leave stops the server. The system frees the locks of the killed.
"""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import pq, sql

from novator.site.cluster import (
    SUPERUSER,
    Cluster,
    create_cluster,
    open_cluster,
    socket_folder,
    write_settings,
)
from novator.site.language import gettext as _
from novator.site.lock import FileLock, LockHeld
from novator.site.strays import await_end, end_strays, serves
from novator.site.unavailable import DatabaseUnavailable, unavailable_because

DATABASE = "novator"
_PORT = 5432
_START_SECONDS = 60
_DEAF_SECONDS = 5
_LAST_BREATH_SECONDS = 5
"""How long a server may live on after `pg_ctl` takes it for stopped: its pid file goes first."""
_LOG_LIMIT = 1_000_000

__all__ = ["DatabaseServer", "DatabaseUnavailable", "running_database", "start_database"]


@dataclass
class DatabaseServer:
    """This process's share in a running server."""

    url: str
    cluster: Cluster
    _share: FileLock

    def is_running(self) -> bool:
        return _living_postmaster(self.cluster) is not None

    def restart(self) -> None:
        """
        Start the server again after it died; over TCP its address changes.

        :raises DatabaseUnavailable: it does not start any more
        """
        with _only_one(self.cluster):
            self.url = _started(self.cluster)

    def stop(self) -> None:
        """Give the share back, and stop the server if it was the last one."""
        if not self.cluster.home.exists():
            end_strays(self.cluster.folder)
            return
        with _only_one(self.cluster):
            self._share.release()
            self._share.path.unlink(missing_ok=True)
            if not _has_users(self.cluster):
                _stop_server(self.cluster)


@dataclass(frozen=True)
class Postmaster:
    """A live server as its own pid file describes it."""

    pid: int
    port: int
    socket_folder: str


@contextmanager
def running_database(data_dir: Path) -> Iterator[str]:
    """
    Yield the address of the database of this data folder, started if nobody else runs it.

    :raises DatabaseUnavailable: it cannot be started; the message is fit to show
    """
    server = start_database(data_dir)
    try:
        yield server.url
    finally:
        server.stop()


def start_database(data_dir: Path, *, over_tcp: bool = os.name == "nt") -> DatabaseServer:
    """
    Start the server, or join the one that runs already.

    :raises DatabaseUnavailable: it cannot be started; the message is fit to show
    """
    try:
        cluster = open_cluster(data_dir, over_tcp=over_tcp)
        with _only_one(cluster):
            url = _started(cluster)
            return DatabaseServer(url=url, cluster=cluster, _share=_new_share(cluster))
    except OSError as fault:
        raise unavailable_because(fault, folder=data_dir) from fault


def stop_if_unused(data_dir: Path) -> None:
    """Stop a server that nobody uses any more, because those who did were killed."""
    cluster = open_cluster(data_dir)
    with _only_one(cluster):
        if not _has_users(cluster):
            _stop_server(cluster)


def _started(cluster: Cluster) -> str:
    create_cluster(cluster)
    postmaster = _joined(cluster)
    if postmaster is None:
        _stop_server(cluster)
        postmaster = _start_server(cluster)
    url = _url(cluster, postmaster, DATABASE)
    _create_database(_url(cluster, postmaster, "postgres"), url)
    return url


def _start_server(cluster: Cluster) -> Postmaster:
    write_settings(cluster)
    _forget_dead_server(cluster)
    _turn_log(cluster.log)
    arguments = ["start", "-D", str(cluster.folder), "-w", "-t", str(_START_SECONDS)]
    arguments += ["-o", f"-p {_free_port() if cluster.over_tcp else _PORT}"]
    with cluster.log.open("a", encoding="utf-8") as log:
        said_before = log.tell()
        done = cluster.programs.run("pg_ctl", *arguments, output=log)
    postmaster = _living_postmaster(cluster)
    if done.returncode or postmaster is None:
        raise _start_failed(cluster, said_before)
    return postmaster


def _stop_server(cluster: Cluster) -> None:
    """Stop the server: open transactions are rolled back, then, if it hangs, at once."""
    postmaster = _living_postmaster(cluster)
    if postmaster is None:
        return
    with cluster.log.open("a", encoding="utf-8") as log:
        for mode, seconds in (("fast", 20), ("immediate", 10)):
            order = ["stop", "-D", str(cluster.folder), "-m", mode, "-w", "-t", str(seconds)]
            if cluster.programs.run("pg_ctl", *order, output=log).returncode == 0:
                await_end(postmaster.pid, seconds=_LAST_BREATH_SECONDS)
                return


def _living_postmaster(cluster: Cluster) -> Postmaster | None:
    """Read the pid file and believe it only if that process serves this very folder."""
    try:
        lines = (cluster.folder / "postmaster.pid").read_text(errors="replace").splitlines()
        found = Postmaster(pid=int(lines[0]), port=int(lines[3]), socket_folder=lines[4].strip())
    except (OSError, IndexError, ValueError):
        return None
    return found if serves(found.pid, cluster.folder) else None


def _forget_dead_server(cluster: Cluster) -> None:
    """
    Clear away what a killed server left: orphans, and files whose number means somebody else now.

    PostgreSQL believes any living process of that number, even one that only waits to be buried.
    """
    path = cluster.folder / "postmaster.pid"
    if path.exists():
        end_strays(cluster.folder)
        path.unlink()
    for lock in socket_folder(cluster).glob(".s.PGSQL.*"):
        lock.unlink()


def _joined(cluster: Cluster) -> Postmaster | None:
    """Wait while a server starts or recovers; None when there is none or it stays deaf."""
    until = time.monotonic() + _START_SECONDS
    while (postmaster := _living_postmaster(cluster)) and time.monotonic() < until:
        answer = pq.PGconn.ping(_url(cluster, postmaster, "postgres").encode())
        if answer == pq.Ping.OK:
            return postmaster
        if answer != pq.Ping.REJECT:
            until = min(until, time.monotonic() + _DEAF_SECONDS)
        time.sleep(0.05)
    return None


def _create_database(maintenance_url: str, url: str) -> None:
    try:
        with psycopg.connect(maintenance_url, autocommit=True, connect_timeout=10) as connection:
            names = sql.Identifier(DATABASE)
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(known, [DATABASE]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(names))
    except psycopg.Error as fault:
        raise DatabaseUnavailable(
            _("The database does not answer: %(reason)s") % {"reason": str(fault).strip()}
        ) from fault


def _url(cluster: Cluster, postmaster: Postmaster, database: str) -> str:
    if not cluster.over_tcp:
        folder = quote(postmaster.socket_folder, safe="")
        return f"postgresql://{SUPERUSER}@/{database}?host={folder}&port={postmaster.port}"
    password = cluster.password_file.read_text(encoding="ascii").strip()
    return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{postmaster.port}/{database}"


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _start_failed(cluster: Cluster, said_before: int) -> DatabaseUnavailable:
    with cluster.log.open("rb") as log:
        log.seek(said_before)
        words = log.read().decode(errors="replace")
    facts = {"folder": cluster.folder, "log": cluster.log, "words": _last_lines(words)}
    if "No space left on device" in words:
        message = _("The disk is full: %(folder)s. Free some space and start again.")
    elif "Permission denied" in words:
        message = _("The database server may not use %(folder)s:\n%(words)s\nMore in %(log)s.")
    else:
        message = _(
            "The database in %(folder)s does not start:\n%(words)s\nMore in %(log)s."
            " If it is damaged, move the folder away and restore a backup (novator restore FILE)."
        )
    return DatabaseUnavailable(message % facts)


def _last_lines(words: str) -> str:
    telling = [line for line in words.splitlines() if "FATAL" in line or "PANIC" in line]
    return "\n".join(telling[-4:] or words.splitlines()[-6:])


def _turn_log(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


@contextmanager
def _only_one(cluster: Cluster) -> Iterator[None]:
    """Let one process at a time start, join or stop the server."""
    lock = FileLock(cluster.home / "postgres.lock")
    try:
        lock.acquire(timeout=2 * _START_SECONDS, words=str(os.getpid()))
    except LockHeld as refusal:
        raise DatabaseUnavailable(
            _("Another process has been starting the database for too long: see %(lock)s.")
            % {"lock": lock.path}
        ) from refusal
    with lock:
        yield


def _new_share(cluster: Cluster) -> FileLock:
    folder = _shares(cluster)
    folder.mkdir(exist_ok=True)
    share = FileLock(folder / f"{os.getpid()}-{secrets.token_hex(4)}")
    share.acquire(words=str(os.getpid()))
    return share


def _has_users(cluster: Cluster) -> bool:
    """Tell whether a living process holds a share, and clear away those of the dead."""
    shares = _shares(cluster)
    for path in shares.iterdir() if shares.is_dir() else ():
        lock = FileLock(path)
        try:
            lock.acquire()
        except LockHeld:
            return True
        lock.release()
        path.unlink(missing_ok=True)
    return False


def _shares(cluster: Cluster) -> Path:
    return cluster.home / "postgres.users"
