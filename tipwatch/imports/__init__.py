"""What people bring of their own: files of articles, and archives of crawls, read for the register."""
