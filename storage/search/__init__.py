"""Full text over articles and projects."""
