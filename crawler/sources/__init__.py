"""What can be watched, a folder for each kind of source, and what all kinds share."""
