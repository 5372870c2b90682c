"""Digests' tables, and countries enough to fill long ones."""

from __future__ import annotations

import io
import zipfile

COUNTRIES = (
    "FJ", "NP", "AL", "GH", "PE", "KE", "UG", "TZ", "MW", "ZM", "MD", "RO", "UA",
    "RS", "BA", "PH", "VN", "KH", "TH", "LK", "BD", "CO", "EC", "BO", "HN",
)  # fmt: skip


def table_in(attached: str | bytes) -> str:
    """The attached table as text, unpacked where it is packed."""
    if isinstance(attached, bytes):
        with zipfile.ZipFile(io.BytesIO(attached)) as archive:
            (name,) = archive.namelist()
            attached = archive.read(name).decode()
    return attached.lstrip("\ufeff")
