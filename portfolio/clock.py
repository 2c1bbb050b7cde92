"""The only clock of business code: the database's, with the demonstration's shift; and the city's calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from portfolio import asking


def zone() -> ZoneInfo:
    """The city's time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def now() -> datetime:
    """The city's present instant, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT city_now()")
        instant: datetime = cursor.fetchone()[0]
    return instant.astimezone(UTC)


def today() -> date:
    """The calendar day in the city's zone; a request has one day, and so has a change, its own."""
    return asking.once("today", _today, whatever_changes=True)


def remember(day: date) -> None:
    """Need not ask for the day again, in a request or a change."""
    asking.tell("today", day, whatever_changes=True)


def _today() -> date:
    return now().astimezone(zone()).date()


def real_now() -> datetime:
    """The machine's instant, for leases, sessions and limits alone."""
    return datetime.now(UTC)


def end_of_day(day: date) -> datetime:
    """The last instant of a day in the city's zone, in UTC."""
    return datetime.combine(day + timedelta(days=1), time.min, zone()).astimezone(UTC) - timedelta(microseconds=1)


def start_of_day(day: date) -> datetime:
    """The first instant of a day in the city's zone, in UTC."""
    return datetime.combine(day, time.min, zone()).astimezone(UTC)
