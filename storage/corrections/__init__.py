"""What people correct, and what is to be learnt from it."""
