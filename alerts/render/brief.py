"""The short text of a digest for channels: the new projects with a link each, as many as a chat shows at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from alerts.digest.content import DigestContent, ProjectCard, WeeklySummary
from alerts.i18n.translator import Translator

# Discord takes 2,000 characters, title included, which is the least among the large services.
LONGEST = 1_800


def brief_digest(translator: Translator, digest: DigestContent, contents: str, empty: str) -> str:
    """Each new project in a line, with its first link below; then what else the digest holds, or (`empty`) that it
    holds nothing."""
    lines = ["\n".join(filter(None, (format_line(card), card.url))) for card in digest.new_projects]
    end = contents if lines else "\n".join(filter(None, (empty, contents)))
    return fit(translator, lines, left_out=digest.left_out, end=end)


def brief_weekly(translator: Translator, summary: WeeklySummary, others: str) -> str:
    """The week's new projects, a line each, and what else the week brought."""
    lines = [format_line(one) for one in summary.projects]
    return fit(translator, lines, left_out=summary.new_projects - len(lines), end=others)


def format_line(project: ProjectCard) -> str:
    parts = (", ".join(project.places), project.title, project.amount)
    return f"• {harmless(' · '.join(filter(None, parts)))}"


def fit(translator: Translator, lines: Sequence[str], *, left_out: int, end: str) -> str:
    """As many lines as fit, how many more there are, and `end`."""
    shown: list[str] = []
    for line in lines:
        if sum(map(len, shown)) + len(line) + len(end) > LONGEST:
            break
        shown.append(line)
    more = len(lines) - len(shown) + left_out
    if more:
        shown.append(translator.ngettext("… and %(number)s more", "… and %(number)s more", more))
    return "\n".join(filter(None, (*shown, end))) + "\n"


def harmless(text: str) -> str:
    """`text` in which no service finds "@everyone", "<!channel>" or a link that lies: titles are other people's
    words."""
    return text.replace("@", "@\u2060").replace("<", "‹").replace(">", "›").replace("](", "] (")
