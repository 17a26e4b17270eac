"""Readers: files into values. Each module alone knows one format, and says where in the file it found what."""
