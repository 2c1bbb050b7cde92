"""All models of the package, room by room, so that Django finds them."""

from reporting.documents.models import *  # noqa: F403
from reporting.reports.models import *  # noqa: F403
from reporting.schedule.models import *  # noqa: F403
from reporting.snapshot.models import *  # noqa: F403
from reporting.work.models import *  # noqa: F403
