"""What a change is, and what each act does to a text: words and places found, seams, ends, edits, operations."""
