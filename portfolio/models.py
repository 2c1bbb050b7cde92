"""All models of the package, room by room: Django finds them by loading this module."""

from portfolio.benefits import models as benefits
from portfolio.benefits.measuring import models as measuring
from portfolio.decisions import models as decisions
from portfolio.history import models as history
from portfolio.ledger import models as ledger
from portfolio.people import models as people
from portfolio.programmes import models as programmes
from portfolio.steering import models as steering
from portfolio.strategy import models as strategy
from portfolio.translations import models as translations
from portfolio.work import models as work

ROOMS = (
    benefits,
    measuring,
    decisions,
    history,
    ledger,
    people,
    programmes,
    steering,
    strategy,
    translations,
    work,
)
