"""IATI identifiers of activities: `XM-DAC-41127-P-1234`, `GB-GOV-1-300123`.

Of an article's text the one identifier in it comes out, or nothing where it states none, or several (a list of a
portfolio). An identifier is that of the organisation in the IATI's register of agencies, a dash, and the activity's own
part.
"""

from __future__ import annotations

import re

# Agencies under which donors and implementers of such projects are registered: international organisations (XM, XI),
# and in a country its government, charities, companies and the like.
_AGENCY = (
    r"X[IM]-(?:DAC|OCHA|IATI|EORI|R4R)|[A-Z]{2}-(?:GOV|CHC|COH|SC|NIC|KVK|EIN|DUNS|ABN|CVR|BRC|SIREN|RIJ|ORG|COA|PFR)"
)
_KNOWN = re.compile(rf"(?<![\w-])(?:{_AGENCY})-\w+(?:[-./_]\w+)+")
# After the word IATI any two letters and an agency will do.
_NAMED = re.compile(r"\bIATI\b[^\n]{0,40}?(?<![\w-])([A-Z]{2}-[A-Z0-9]{2,8}-\w+(?:[-./_]\w+)*)")


_OF_ACTIVITY = re.compile(r"[^\s-]+-\S+")

OWN = "tipwatch-"
"""What the identifiers begin with that an export gives to projects without one of a publisher."""


def is_publishers(identifier: str) -> bool:
    """Whether a publisher may have given it: it has its parts, no blanks, and no export of tipwatch made it."""
    return _OF_ACTIVITY.fullmatch(identifier) is not None and not identifier.startswith(OWN)


def find_iati_id(text: str) -> str | None:
    """The identifier stated in a text, in capitals as they stand; None where there is none or more than one."""
    found = {match.group() for match in _KNOWN.finditer(text)} | {match.group(1) for match in _NAMED.finditer(text)}
    found = {one for one in found if any(c.isdigit() for c in one)}
    return found.pop() if len(found) == 1 else None
