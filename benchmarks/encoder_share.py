"""What the encoder takes in a crawl: `python -m benchmarks.encoder_share DATABASE-URL`.

Prints how many pages it read, and the CPU seconds of reading so many in one thread, without loading anything: at what a
stored text takes, since of pages that turned out not to be about the subject none is stored.
"""

from __future__ import annotations

import sys
import time

from sqlalchemy import select

from classifier.judge import Judge
from storage.articles.verdicts import unpack_verdict
from storage.database.engine import Database
from storage.tables.schema import article, article_text


def main(url: str) -> None:
    with Database.open(url).reading() as connection:
        verdicts = connection.execute(select(article.c.verdict)).scalars().all()
        texts = connection.execute(select(article.c.title, article_text.c.text).join(article_text)).all()
    # who rules out has one reason, and no sentence for it
    read = sum(all(reason.evidence for reason in unpack_verdict(one).reasons) for one in verdicts)
    encoder = Judge.load().load_encoder()
    encoder.read(*texts[0])
    began = time.process_time()
    for title, text in texts:
        encoder.read(title, text)
    print(read, (time.process_time() - began) * read / len(texts))


if __name__ == "__main__":
    main(sys.argv[1])
