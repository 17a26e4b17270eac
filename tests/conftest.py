"""What holds for every test: no law of Hypothesis depends on a clock."""

from hypothesis import settings

settings.register_profile("secdefs", deadline=None)
settings.load_profile("secdefs")
