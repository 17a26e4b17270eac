"""Writers: values into files. They know edits and pieces, and never which operation made them."""
