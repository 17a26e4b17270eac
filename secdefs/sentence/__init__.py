"""From the words of one sentence, with its lead-ins and its block, to operations; or to what is wrong with it."""
