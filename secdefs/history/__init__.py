"""A code through time: a folder of letters and a ledger, the code on any day, and why each word is there."""

from secdefs.history.folder import Enactment, History

__all__ = ["Enactment", "History"]
