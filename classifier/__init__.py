"""Judges articles: text in, verdict and facts out.

What enters is a `Document`; what leaves is a `Verdict`: whether the article is about trafficking in persons, whether
its news is a new counter-trafficking project, its topic, and the project's facts, each with the sentence that states
it. Pure: no network, no database, no clock. It knows nothing of the packages above it.
"""
