"""
Before the first test: one embedded PostgreSQL for the whole run, shared by all workers.

Loaded by `-p`, because the settings must find `DATABASE_URL` when they are first read.
A `DATABASE_URL` of the environment is used as it is.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def _serve_database() -> None:
    folder = Path(tempfile.mkdtemp(prefix="novator-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["NOVATOR_DATA_DIR"] = str(folder)
    os.environ.setdefault("NOVATOR_DATABASE_POOL", "0")
    os.environ.setdefault("NOVATOR_SECRET_KEY", "only-for-tests-" + "0" * 50)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if "DATABASE_URL" not in os.environ:
        from novator.site.postgres import start_database

        folder.chmod(0o755)
        server = start_database(folder)
        os.environ["DATABASE_URL"] = server.url
        atexit.register(server.stop)


if "PYTEST_XDIST_WORKER" not in os.environ:
    _serve_database()
