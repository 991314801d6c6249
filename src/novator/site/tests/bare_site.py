"""Run a bare site as `novator up` runs the whole one: `bare_site.py DATA_DIR PORT [WORKER]`."""

import os
import sys
from pathlib import Path

from novator.site import children, supervisor
from novator.site.supervisor import CannotRun, Site, run_site
from novator.site.unavailable import DatabaseUnavailable

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "novator.site.tests.bare_settings"
    children.LONGEST_PAUSE = 0.3
    supervisor.PREPARE = "novator.site.tests.bare_prepare"
    supervisor.WEB = "novator.site.tests.bare_web"
    supervisor.WORKER = sys.argv[3] if len(sys.argv) > 3 else "novator.site.tests.bare_worker"
    try:
        run_site(Site(data_dir=Path(sys.argv[1]), port=int(sys.argv[2])))
    except (CannotRun, DatabaseUnavailable) as refusal:
        sys.exit(str(refusal))
