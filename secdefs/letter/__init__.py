"""From the outline of a letter to the instrument: which parts direct, what it says of itself, when it takes effect."""
