"""Which release this is: the version of the package, and so of the rules by which letters are read."""

__version__ = "0.1.0"
