"""Only the tables, without catalogue and index."""

from novator.site.prepare import migrate
from novator.site.watch import end_with_supervisor

if __name__ == "__main__":
    import django

    end_with_supervisor()
    django.setup()
    migrate()
