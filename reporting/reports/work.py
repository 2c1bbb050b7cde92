"""What the machine does for reports, as kinds in the table of work."""

from __future__ import annotations

from portfolio.work.kinds import KindOfWork
from reporting.documents import commands as documents
from reporting.reports import letters, machine
from reporting.work.models import Work

# Of what is given up `letters` tells, once a report: it finds it in the rows.
KINDS = (
    KindOfWork(Work.Kind.FREEZE, due=machine.to_freeze, carry_out=machine.freeze),
    KindOfWork(Work.Kind.RENDER, due=documents.to_render, carry_out=documents.render),
    KindOfWork(Work.Kind.TELL, due=letters.due, carry_out=letters.send),
)
