"""Articles of files judged and grouped, and how well that goes."""
