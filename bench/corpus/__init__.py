"""What rows of a corpus say, and whether what was read agrees with it."""
