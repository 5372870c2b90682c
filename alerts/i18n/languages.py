"""Which languages digests are written in: those that have a folder in `locale/` (see docs/translate.md)."""

from __future__ import annotations

from importlib.resources import files

SOURCE_LANGUAGE = "en"
LOCALE_FOLDER = files(__package__) / "locale"
LANGUAGES = (
    SOURCE_LANGUAGE,
    *sorted({each.name for each in LOCALE_FOLDER.iterdir() if each.is_dir()} - {SOURCE_LANGUAGE}),
)
