"""What commands say, for tests that call them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["FOOTBALL", "Run", "Said"]

FOOTBALL = {
    "id": "football",
    "title": "Late goal\x1b[31m wins the cup final",
    "text": "The striker scored in the last minute of the match.\n\nThe crowd sang until midnight.",
    "lang": "en",
    "url": "https://outlet.example/cup",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Said]
