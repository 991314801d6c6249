"""
Beside the law: one process that starts the whole site, keeps it running and ends it in order.
"""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psutil

from novator.site import children
from novator.site.children import Child
from novator.site.foreign import check_server
from novator.site.language import gettext as _
from novator.site.lock import FileLock, LockHeld
from novator.site.postgres import DatabaseServer, start_database
from novator.site.prepared import DAMAGED, QUIETLY, all_ready, is_prepared, tables_ready
from novator.site.secret_key import secret_key
from novator.site.terminal import say, step
from novator.site.unavailable import unavailable_because

PREPARE = "novator.site.prepare"
WEB = "novator.site.web"
WORKER = "novator.site.worker"
WATCH = "novator.site.watch"
_END_SECONDS = 6.0
_ANSWER_SECONDS = 60.0
_TICK = 0.1
_MORE_PREPARATIONS = 2
"""How often a preparation that fails while the site runs begins again: the database may die."""


class CannotRun(Exception):
    """The site cannot be started or kept running; the message is fit to show."""


class Interrupted(Exception):
    """The person or the system asked the supervisor to end."""


@dataclass(frozen=True)
class Site:
    """What one `novator up` is asked to run."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    with_worker: bool = True

    @property
    def address(self) -> str:
        shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{self.port}/"

    @property
    def records(self) -> Path:
        return self.data_dir / "novator.children"

    def log(self, name: str) -> Path:
        return self.data_dir / "log" / f"{name}.log"


@dataclass
class Supervisor:
    """The children of one site and whether they shall go on."""

    site: Site
    children: list[Child] = field(default_factory=list)
    database: DatabaseServer | None = None
    is_asked_to_end: bool = False

    def ask_to_end(self, number: int, frame: FrameType | None) -> None:
        self.is_asked_to_end = True

    def pause(self) -> None:
        """
        Wait a moment.

        :raises Interrupted: the supervisor was asked to end
        """
        if self.is_asked_to_end:
            raise Interrupted
        time.sleep(_TICK)

    def add(self, name: str, module: str, *arguments: str) -> Child:
        """Start a child and remember it."""
        log = self.site.log(name)
        children.turn_log(log)
        child = Child(name=name, module=module, log=log, arguments=arguments)
        child.start()
        self.children.append(child)
        children.record(self.children, self.site.records)
        return child


def run_site(site: Site) -> None:
    """
    Run everything until asked to end by SIGINT or SIGTERM.

    :raises CannotRun: another one runs on this folder, the port is taken, or a child keeps dying
    :raises DatabaseUnavailable: there is no database
    """
    try:
        site.log("web").parent.mkdir(parents=True, exist_ok=True)
        with _alone(site):
            children.end_leftovers(site.records)
            refuse_taken_port(site.host, site.port)
            secret_key(site.data_dir)
            _run(Supervisor(site))
    except OSError as fault:
        raise unavailable_because(fault, folder=site.data_dir) from fault


def _run(supervisor: Supervisor) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), supervisor.ask_to_end)
    try:
        with _database(supervisor):
            _start(supervisor)
            _keep_running(supervisor)
    except Interrupted:
        say(_("Novator has stopped."))


@contextmanager
def _database(supervisor: Supervisor) -> Iterator[None]:
    """Have a database, and end all children before it is stopped."""
    site = supervisor.site
    foreign = os.environ.get("DATABASE_URL")
    with step(_("Database")):
        if foreign:
            check_server(foreign)
        else:
            supervisor.database = start_database(site.data_dir)
    try:
        if supervisor.database is not None:
            os.environ["DATABASE_URL"] = supervisor.database.url
            supervisor.add("watch", WATCH, str(site.data_dir))
        yield
    finally:
        _end_children(supervisor)
        if supervisor.database is not None:
            supervisor.database.stop()


def _start(supervisor: Supervisor) -> None:
    """Start the parts; what this code has prepared before is looked at while people come in."""
    site = supervisor.site
    os.environ["NOVATOR_DATA_DIR"] = str(site.data_dir)
    os.environ["NOVATOR_HOST"], os.environ["NOVATOR_PORT"] = site.host, str(site.port)
    tables, is_again = tables_ready(site.data_dir), is_prepared(site.data_dir)
    if not is_again:
        all_ready(site.data_dir).unlink(missing_ok=True)
        tables.unlink(missing_ok=True)
    preparation = children.start_module(PREPARE, *([QUIETLY] if is_again else []))
    tries_left = _MORE_PREPARATIONS
    try:
        _wait_for(supervisor, preparation, until_there=tables)
        web = supervisor.add("web", WEB)
        if not is_again:
            _wait_for(supervisor, preparation)
        with step(_("Web server")):
            _wait_for_answer(supervisor, web)
        _tell_address(site)
        while _ends_badly(supervisor, preparation) and tries_left and not _is_damaged(preparation):
            tries_left -= 1
            preparation = children.start_module(PREPARE, QUIETLY)
        if preparation.returncode:
            raise _unprepared(preparation)
    finally:
        children.end_all([preparation], seconds=_END_SECONDS)
    if site.with_worker:
        supervisor.add("worker", WORKER)


def _tell_address(site: Site) -> None:
    """Tell what to know of this start, and last where the site is."""
    if not os.environ.get("NOVATOR_MAIL_URL"):
        facts = {"folder": site.data_dir / "letters"}
        say(_("No mail server is set: letters are kept in %(folder)s.") % facts)
    say(f"Novator: {site.address}")


def _wait_for(
    supervisor: Supervisor, preparation: subprocess.Popen[bytes], until_there: Path | None = None
) -> None:
    """Wait until the preparation, which speaks to the terminal itself, ends or gets this far."""
    while preparation.poll() is None:
        if until_there is not None and until_there.exists():
            return
        supervisor.pause()
    if preparation.returncode:
        raise _unprepared(preparation)


def _ends_badly(supervisor: Supervisor, preparation: subprocess.Popen[bytes]) -> bool:
    """Keep the site running until the preparation ends, and tell whether it failed."""
    while preparation.poll() is None:
        supervisor.pause()
        _tend(supervisor)
    return bool(preparation.returncode)


def _is_damaged(preparation: subprocess.Popen[bytes]) -> bool:
    return preparation.returncode == DAMAGED


def _unprepared(preparation: subprocess.Popen[bytes]) -> CannotRun:
    """Advise to start again, unless the preparation has told why that would not help."""
    if _is_damaged(preparation):
        return CannotRun(_("Novator could not be prepared; nothing is lost."))
    return CannotRun(_("Novator could not be prepared; nothing is lost. Start again."))


def _wait_for_answer(supervisor: Supervisor, web: Child) -> None:
    until = time.monotonic() + _ANSWER_SECONDS
    while not _answers(supervisor.site):
        supervisor.pause()
        web.tend()
        if web.keeps_dying or time.monotonic() > until:
            raise _failed(web)


def _keep_running(supervisor: Supervisor) -> None:
    while True:
        supervisor.pause()
        _tend(supervisor)


def _tend(supervisor: Supervisor) -> None:
    """Start again what died; the database first, which the others need."""
    _keep_database(supervisor)
    for child in supervisor.children:
        if child.tend():
            children.record(supervisor.children, supervisor.site.records)
        if child.keeps_dying:
            raise _failed(child)


def _keep_database(supervisor: Supervisor) -> None:
    """Start a server that died again; parts that know its old address start again too."""
    server = supervisor.database
    if server is None or server.is_running():
        return
    server.restart()
    if server.url != os.environ["DATABASE_URL"]:
        os.environ["DATABASE_URL"] = server.url
        running = [child.process for child in supervisor.children if child.process is not None]
        children.end_all(running, seconds=_END_SECONDS)


def _end_children(supervisor: Supervisor) -> None:
    processes = [child.process for child in supervisor.children if child.process is not None]
    children.end_all(processes, seconds=_END_SECONDS)
    supervisor.site.records.unlink(missing_ok=True)


def _failed(child: Child) -> CannotRun:
    words = children.last_lines(child.log)
    facts = {"name": child.name, "log": child.log, "words": words}
    return CannotRun(_("The part “%(name)s” keeps failing. The end of %(log)s:\n%(words)s") % facts)


def _answers(site: Site) -> bool:
    try:
        with urllib.request.urlopen(f"{site.address}healthz", timeout=2):  # noqa: S310
            return True
    except urllib.error.HTTPError as answer:
        return answer.code < 500
    except OSError:
        return False


def refuse_taken_port(host: str, port: int) -> None:
    """
    See that the web server will be able to listen.

    :raises CannotRun: it will not; the message says what to do
    """
    facts: dict[str, object] = {"host": host, "port": port, "other": port % 65535 + 1}
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except PermissionError as fault:
        raise CannotRun(
            _("Port %(port)s is kept for the system; choose another: novator up --port 8000.")
            % facts
        ) from fault
    except (socket.gaierror, OverflowError) as fault:
        raise CannotRun(_("There is no such address: %(host)s:%(port)s.") % facts) from fault
    except OSError as fault:
        facts["who"] = _listener(port)
        raise CannotRun(
            _(
                "Port %(port)s on %(host)s is taken%(who)s. Stop what uses it,"
                " or choose another port: novator up --port %(other)s."
            )
            % facts
        ) from fault


def _listener(port: int) -> str:
    """Name the program that listens on the port, if the system tells us."""
    with suppress(psutil.Error):
        for found in psutil.net_connections(kind="tcp"):
            is_it = found.status == psutil.CONN_LISTEN and found.laddr and found.laddr[1] == port
            if is_it and found.pid:
                return f" ({psutil.Process(found.pid).name()}, PID {found.pid})"
    return ""


@contextmanager
def _alone(site: Site) -> Iterator[None]:
    lock = FileLock(site.data_dir / "novator.lock")
    try:
        lock.acquire(words=f"{os.getpid()} {site.address}")
    except LockHeld as refusal:
        pid, _space, address = lock.path.read_text(encoding="utf-8").partition(" ")
        raise CannotRun(
            _(
                "Novator already runs on %(folder)s: %(address)s (PID %(pid)s)."
                " Stop it first, or choose another folder with --data-dir."
            )
            % {"folder": site.data_dir, "address": address, "pid": pid}
        ) from refusal
    with lock:
        yield
