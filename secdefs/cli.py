"""The command line: all commands, in the order in which a person needs them. What a command needs beyond its options is
imported when it runs, so that asking for help is quick."""

from secdefs.commands import letters, drafting, history, pipelines, site, word  # noqa: I001 - in the order of the help
from secdefs.commands.group import main

__all__ = ["drafting", "history", "letters", "main", "pipelines", "site", "word"]
