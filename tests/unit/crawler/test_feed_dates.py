from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.dates import FUTURE_DAYS, read_date
from crawler.text.month_names import month_names

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


def on(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "languages", "at"),
    [
        ("12 août 2026", (), on(8, 12)),
        ("١٢ أغسطس ٢٠٢٦", (), on(8, 12)),
        ("12 de agosto de 2026, 18:30", (), on(8, 12, 18, 30)),
        ("3 de março de 2026", (), on(3, 3)),
        ("5 марта 2026 г.", (), on(3, 5)),
        ("12 серпня 2026", (), on(8, 12)),
        ("3 Mayıs 2026", (), on(5, 3)),
        ("2026年3月4日", (), on(3, 4)),
        ("Sept. 3, 2026 12:15 PM", (), on(9, 3, 12, 15)),
        ("Sept 3, 2026 12:15 AM", (), on(9, 3, 0, 15)),
        ("25 Nov 2026 18:00 +0300", (), on(11, 25, 15)),
        ("13/04/2026", ("en",), on(4, 13)),
        ("04/13/2026", ("fr",), on(4, 13)),
        ("03/04/2026", ("fr",), on(4, 3)),
        ("03/04/2026", ("en",), None),
        ("03/04/2026", (), None),
        ("2026-04-03", (), on(4, 3)),
        ("2 hours ago", (), on(11, 25, 8)),
        ("an hour ago", (), on(11, 25, 9)),
        ("il y a 3 jours", (), on(11, 22, 10)),
        ("hace 2 días", (), on(11, 23, 10)),
        ("vor 5 Minuten", (), on(11, 25, 9, 55)),
        ("منذ ٣ ساعات", (), on(11, 25, 7)),
        ("yesterday", (), on(11, 24)),
        ("hier, 18:30", (), on(11, 24, 18, 30)),
        ("31 February 2026", (), None),
        ("1 January 1970", (), None),
        ("1 January 2090", (), None),
        ("99/99/9999", (), None),
        ("soon", (), None),
        ("12 août 2026 à 20h15", ("fr",), on(8, 12)),
        ("3rd of May 2026", (), on(5, 3)),
        ("2026-02-30", (), None),
        ("10000-01-01", (), None),
        ("2026-11-24T08:30:00+03:00", (), on(11, 24, 5, 30)),
        ("Tue, 24 Nov 2026 08:30:00 EST", (), on(11, 24, 13, 30)),
        ("Tue, 24 Nov 2026 08:30 (local)", (), on(11, 24, 8, 30)),
        ("", (), None),
    ],
)
def test_dates_in_many_languages_are_read_or_left_out(
    text: str, languages: tuple[str, ...], at: datetime | None
) -> None:
    assert read_date(text, NOW, languages) == at


@given(st.text(alphabet=st.sampled_from("0123456789٣ /:-.+apm agohoursNovأمس里年月日"), max_size=40))
def test_no_text_gives_an_impossible_time(text: str) -> None:
    at = read_date(text, NOW, ("fr",))
    assert at is None or (at.tzinfo is UTC and at <= NOW + timedelta(days=FUTURE_DAYS))


def test_the_month_names_are_those_of_babel() -> None:
    """Asked in a process of its own: Babel lets names of one locale into others that were read before it."""
    code = "import json; from crawler.text.month_names import collect_month_names as f; print(json.dumps(f()))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert month_names() == json.loads(said.stdout), "run: python -m crawler.text.month_names"
