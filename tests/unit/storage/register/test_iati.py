from __future__ import annotations

import pytest

from storage.register.compare.iati import find_iati_id


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The activity (XM-DAC-41127-P-1234) begins in May.", "XM-DAC-41127-P-1234"),
        ("IATI identifier: GB-GOV-1-300123.", "GB-GOV-1-300123"),
        ("IATI activity ID NL-KVK-27108436-A-07701-05, begun in May", "NL-KVK-27108436-A-07701-05"),
        ("Its IATI identifier is SE-0-SE-6-12345", None),
        ("GB-CHC-1234567-AB9 and again GB-CHC-1234567-AB9", "GB-CHC-1234567-AB9"),
        ("GB-CHC-1234567-AB9 and GB-CHC-1234567-AB8", None),
        ("IATI was founded in 2008.", None),
        ("The COVID-19 response of UN-ACT-2 goes on", None),
        ("a GB-GOV-UK portal", None),
        ("", None),
    ],
)
def test_the_one_identifier_a_text_states(text: str, found: str | None) -> None:
    assert find_iati_id(text) == found
