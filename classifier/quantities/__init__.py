"""Numbers, sums of money, dates and lengths of time as a text states them."""
