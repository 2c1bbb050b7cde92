"""Django's door for commands; the servers are there while the command runs."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from config import languages
from config.embedded.servers import Servers
from config.made import BrokenStart
from portfolio import city


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        with Servers():
            languages.compile_stale()
            execute_from_command_line(sys.argv)
    except (BrokenStart, ImproperlyConfigured, city.FaultyIdentity) as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
