"""Commands of the command line, a module for each group of them; `secdefs.cli` has the rest, and what they share."""
