"""How well the classifier judges labelled articles."""
