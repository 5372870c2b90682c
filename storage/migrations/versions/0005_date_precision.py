"""An article's date is kept with its precision: files give a month or a year alone as often as a day.

What was imported so far was padded to the first day. Which of these were meant to the day is no longer known; the
coarser date says less and never what is wrong.
"""

from __future__ import annotations

from datetime import UTC, datetime

from alembic import op

revision = "0005"
down_revision = "0004"

ADD_COLUMN = (
    "ALTER TABLE article ADD COLUMN published_precision TEXT DEFAULT 'day' NOT NULL "
    "CONSTRAINT ck_article_published_precision CHECK (published_precision IN ('year', 'month', 'day'))"
)
FIRST_YEAR, LAST_YEAR = 1990, 2030  # the web's years, up to the next ones


def upgrade() -> None:
    """Adds the column; imported articles dated on the first moment of a month or year get that precision."""
    op.get_bind().exec_driver_sql(ADD_COLUMN)
    for precision, months in (("year", (1,)), ("month", range(2, 13))):
        firsts = (datetime(year, month, 1, tzinfo=UTC) for year in range(FIRST_YEAR, LAST_YEAR) for month in months)
        moments = ", ".join(str(int(first.timestamp()) * 1_000_000) for first in firsts)
        op.get_bind().exec_driver_sql(
            f"UPDATE article SET published_precision = '{precision}' "  # noqa: S608 (our words and numbers)
            f"WHERE read_from = 'import' AND published_at IN ({moments})"
        )
