"""Organisations and countries that are in this news so often that sharing one says little."""

from __future__ import annotations

from storage.register.compare.words import word_set

# Organisations that run or pay for hundreds of projects: sharing one says less than sharing a local charity.
FREQUENT_ORGANISATIONS = word_set(
    """
    @IOM @UNODC @ILO @UNICEF @EU @COE @gov:US @STATE @JTIP @USAID @DOJ @gov:GB @UKHO @gov:CA @gov:AU @UN
    @USDOL @OVC @DFID @FCDO @OSCE @UNWOMEN @UNHCR @UNDP @SAVE @WORLDVISION
    """
)
# Countries so often in this news that sharing one says little.
FREQUENT_COUNTRIES = frozenset({"US", "GB", "CA", "AU", "IN", "NG", "PH"})
# A programme in so many countries is a large one: its list is a mark of its own, and each country has news of its own.
MANY_COUNTRIES = 4
