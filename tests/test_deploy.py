"""Django's own list of what a public site must have finds nothing missing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def test_check_deploy_is_silent() -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "novator.site.settings",
        "NOVATOR_SITE_URL": "https://novator.example",
        "NOVATOR_SECRET_KEY": "".join(chr(33 + number) for number in range(90)),
        "NOVATOR_OIDC_ISSUER": "https://sign-in.example",
    }
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
