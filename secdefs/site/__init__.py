"""A code's history as one page to read: offline, in one file, with every version in it."""

from secdefs.site.page import history_page

__all__ = ["history_page"]
