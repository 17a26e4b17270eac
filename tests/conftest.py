"""What holds for every test: no law of Hypothesis depends on a clock, and in CI none on chance."""

import os

from hypothesis import settings

settings.register_profile("secdefs", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "secdefs")
