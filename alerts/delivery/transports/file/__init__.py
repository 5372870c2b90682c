"""Mail written into a folder of files."""
