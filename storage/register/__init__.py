"""The register: what is the same article, the same story, the same project, over outlets, languages, months and phases.

Readings with their verdicts go in; articles, stories and projects come out, each once, with the reason why what was
joined. The decisions are pure (`compare`, `merge`, most of `resolve`); `blocking` reads, `persist` writes, and
`registration` leads from one to the next.
"""
