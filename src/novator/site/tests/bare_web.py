"""The product's web server with the bare application."""

import os

from novator.site import web
from novator.site.watch import end_with_supervisor

if __name__ == "__main__":
    end_with_supervisor()
    web.APPLICATION = "novator.site.tests.bare_application:application"
    web.serve(host=os.environ["NOVATOR_HOST"], port=int(os.environ["NOVATOR_PORT"]))
