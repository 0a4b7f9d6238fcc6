"""Dates and times as officials write them, in both languages."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.numerals import in_words
from policy.base.words import Words

# Western Indonesian time (WIB), which the capital's agencies use.
WIB = timezone(timedelta(hours=7), "WIB")
_LAST_SECOND = 253_402_300_799 - 7 * 3600
_MONTHS_ID = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()
_MONTHS_EN = (
    "January February March April May June July August September October November December"
).split()
_SHORT_ID = "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des".split()
_SHORT_EN = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

_DAYS_ID = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()
_DAYS_EN = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def weekday(day: date) -> Words:
    """Senin, Monday."""
    return Words(_DAYS_ID[day.weekday()], _DAYS_EN[day.weekday()])


def day_in_words(day: date) -> Words:
    """A date as official documents begin: in words, then in digits."""
    name, digits = weekday(day), f"({day:%d-%m-%Y})"
    return Words(
        f"{name.id}, tanggal {in_words(day.day)} bulan {_MONTHS_ID[day.month - 1]}"
        f" tahun {in_words(day.year)}, {digits}",
        f"{name.en}, {long_day(day).en}, {digits}",
    )


def long_day(day: date) -> Words:
    """25 November 2026."""
    return Words(
        f"{day.day} {_MONTHS_ID[day.month - 1]} {day.year}",
        f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}",
    )


def short_day(day: date) -> Words:
    """25 Nov 2026, for narrow columns."""
    indonesian, english = _SHORT_ID[day.month - 1], _SHORT_EN[day.month - 1]
    return Words(f"{day.day} {indonesian} {day.year}", f"{day.day} {english} {day.year}")


def long_moment(moment: datetime) -> Words:
    """A date and time of day in WIB, with the zone's name."""
    here = moment.astimezone(WIB)
    day = long_day(here.date())
    return Words(f"{day.id} pukul {here:%H.%M} WIB", f"{day.en}, {here:%H:%M} WIB (UTC+7)")


def short_moment(moment: datetime) -> Words:
    """25 Nov 2026, 16.12: in WIB, for narrow columns of a page that names the zone."""
    here = moment.astimezone(WIB)
    day = short_day(here.date())
    return Words(f"{day.id}, {here:%H.%M}", f"{day.en}, {here:%H:%M}")


def at_second(seconds: int) -> datetime:
    """The moment of Unix seconds; at most the end of the year 9999 in WIB."""
    return datetime.fromtimestamp(min(seconds, _LAST_SECOND), UTC)


def long_span(span: timedelta) -> Words:
    """2 days 5 hours 10 minutes; for a negative span, only its length."""
    minutes = abs(int(span.total_seconds())) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60

    def plural(count: int, noun: str) -> str:
        return f"{count} {noun}{'' if count == 1 else 's'}"

    return Words(
        f"{days} hari {hours} jam {rest} menit",
        f"{plural(days, 'day')} {plural(hours, 'hour')} {plural(rest, 'minute')}",
    )


def read_moment(text: str) -> datetime:
    """A date and time with zone, as a person typed it; raises BadInput."""
    moment = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
    if moment is None or moment.tzinfo is None:
        raise BadInput(
            PolicyCode.OPTION_MOMENT,
            Words("Waktu tidak sah, atau tanpa zona.", "The time is not valid, or has no zone."),
            Words("Contoh: 2026-11-25T08:00+07:00.", "For example: 2026-11-25T08:00+07:00."),
        )
    return moment


def read_day(text: str) -> date:
    """A date as a person typed it; raises BadInput."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(
            PolicyCode.OPTION_DAY,
            Words("Tanggal tidak sah.", "The day is not valid."),
            Words("Contoh: 2026-11-25.", "For example: 2026-11-25."),
        ) from None
