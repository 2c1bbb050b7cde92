"""All models of the package, room by room, so that Django finds them."""

from portfolio.benefits.measuring.models import *  # noqa: F403
from portfolio.benefits.models import *  # noqa: F403
from portfolio.decisions.models import *  # noqa: F403
from portfolio.history.models import *  # noqa: F403
from portfolio.ledger.models import *  # noqa: F403
from portfolio.people.models import *  # noqa: F403
from portfolio.programmes.models import *  # noqa: F403
from portfolio.steering.models import *  # noqa: F403
from portfolio.strategy.models import *  # noqa: F403
from portfolio.translations.models import *  # noqa: F403
from portfolio.work.models import *  # noqa: F403
