"""Worker processes for work that may hang, crash or eat memory."""
