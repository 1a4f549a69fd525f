"""How times and durations are told: by their distance, in one unit."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60))


def distance(moment: datetime, now: datetime) -> str:
    """How long ago or until; beyond some days the date."""
    ahead = moment - now
    if abs(ahead) < timedelta(seconds=45):
        return "in a moment" if ahead > timedelta() else "just now"
    if abs(ahead) >= timedelta(days=6):
        return date_of(moment, now)
    words = duration(abs(ahead))
    if words == "1 day":
        return "tomorrow" if ahead > timedelta() else "yesterday"
    return f"in {words}" if ahead > timedelta() else f"{words} ago"


def duration(length: timedelta) -> str:
    """A length of time in its largest unit; less than a minute is one."""
    seconds = length.total_seconds()
    unit, size = next((pair for pair in _UNITS if seconds >= pair[1]), _UNITS[-1])
    count = max(1, int(seconds // size))
    return f"{count} {unit}{'' if count == 1 else 's'}"


def length(time: timedelta) -> str:
    """About how long, as one plans with it: 2 hours 10 minutes; 3 days 4 hours."""
    minutes = max(1, round(time.total_seconds() / 60))
    parts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    told = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " ".join(told[:2])


def time_of_day(moment: datetime, now: datetime) -> str:
    """The time in the person's time zone, with its day if that is not today."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    time = local.strftime("%H:%M")
    if local.date() == today:
        return time
    if local.date() == today + timedelta(days=1):
        return f"tomorrow {time}"
    return f"{local.strftime('%a')} {date_of(moment, now)}, {time}"


def date_of(moment: datetime, now: datetime) -> str:
    """The day, and the year if that is not this one."""
    local = timezone.localtime(moment)
    same_year = local.year == timezone.localtime(now).year
    return local.strftime("%-d %b" if same_year else "%-d %b %Y")
