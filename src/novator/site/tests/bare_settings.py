"""The product's settings with two routes and two tables, so that a start tests nothing else."""

from novator.site.settings import *  # noqa: F403

INSTALLED_APPS = ["django.contrib.contenttypes", "procrastinate.contrib.django"]
MIDDLEWARE = []
ROOT_URLCONF = "novator.site.tests.bare_urls"
