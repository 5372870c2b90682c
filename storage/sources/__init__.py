"""What is watched, and how it fares."""
