"""The door for a WSGI server: `config.wsgi:application`; it stays shut while a history trigger is missing or stale."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from config.embedded.offspring import end_with_parent

end_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from portfolio.api.published import make_ready  # noqa: E402  (once the apps are ready)

call_command("check", databases=["default"], verbosity=0)
make_ready()
