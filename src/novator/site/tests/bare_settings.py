"""The product's settings with two routes only, so that a start is quick and tests nothing else."""

from novator.site.settings import *  # noqa: F403

ROOT_URLCONF = "novator.site.tests.bare_urls"
