"""A multilingual transformer that reads what the prefilter lets pass.

In: a document. Out: the probability that it is about trafficking in persons and that it reports a new project, its
topic, what each sentence does, and for candidates of facts what they are. `classifier.training` makes its files.
"""
