"""The register: what is the same article, the same story, the same project, over outlets, languages, months and phases.

Readings with their verdicts go in; articles, stories and projects come out, each once, with the reason why what was
joined. The decisions are pure (`near_copy`, `same_project`, `stories`, `merge`); `register` does the reading and
writing.
"""
