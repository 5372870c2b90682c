"""Articles as lines of a file that commands read, and a configuration for them."""

from __future__ import annotations

CONFIG = """contact: ops@example.org
sources:
  - {url: https://example.org/feed.xml, name: Example news, tags: [press]}
subscriptions:
  - {name: morning, recipients: [a@example.org], time: "00:00"}
"""


BURUNDI = {
    "id": "burundi",
    "title": "IOM launches project to combat human trafficking in Burundi",
    "text": "The International Organization for Migration (IOM) has launched a new three-year project against "
    "trafficking in persons.\n\nThe $3 million project, funded by the Kingdom of the Netherlands, will be known as "
    "Burundi Counter-Trafficking 2019-2022 and will run for the next 3 years, with the Government of Burundi as "
    "partner.",
    "lang": "en",
    "published": "2019-03-05",
    "url": "https://outlet.example/burundi",
    "outlet": "Outlet",
}


PERU = {
    "id": "peru",
    "title": "Project against child trafficking begins in Peru",
    "text": "Caritas Peru has launched a two-year project against child trafficking in Loreto.\n\nThe $450,000 "
    "project is funded by the Government of Spain and will help 900 children of migrants until 2021.",
    "lang": "en",
    "published": "2019-04-11",
    "url": "https://outlet.example/peru",
    "outlet": "Outlet",
}
