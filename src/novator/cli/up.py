"""The command line: `novator up` starts the whole site and prints its address."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer


def up(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the site.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the data.")] = None,
    worker: Annotated[bool, typer.Option(help="Run background jobs too.")] = True,
) -> None:
    """Start the whole site: database, tables, catalogue, search index, web server and worker."""
    from novator.site.language import complain
    from novator.site.supervisor import CannotRun, Site, run_site
    from novator.site.unavailable import DatabaseUnavailable

    folder = (data_dir or Path(os.environ.get("NOVATOR_DATA_DIR", "var"))).resolve()
    try:
        run_site(Site(data_dir=folder, host=host, port=port, with_worker=worker))
    except (CannotRun, DatabaseUnavailable) as refusal:
        complain(str(refusal))
        raise typer.Exit(code=1) from refusal
