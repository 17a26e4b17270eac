"""Makes the pages of the documentation that come from the code and from the grammar; see `mkdocs.yml`."""
