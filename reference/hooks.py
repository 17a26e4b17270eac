"""What MkDocs calls while it builds: the pages that come from code and grammar, and what no reader is to see."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from reference import commands, library, railroads  # noqa: E402 - found by the line above

POLICY = (
    "default-src 'self' file: data: 'unsafe-inline'; worker-src 'self' file: blob:; connect-src 'self' file:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'"
)
"""Nothing of the site is fetched from anywhere else, whatever its theme would like to."""

UNSEARCHED = "---\nsearch:\n  exclude: true\n---\n\n"


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made."""
    made = {"reference/commands.md": commands.page(), "reference/library.md": library.page()}
    for name, text in railroads.pages():
        made[f"reference/grammar/{name}.md"] = UNSEARCHED + text
    made["changelog.md"] = (ROOT / "CHANGELOG.md").read_text("utf-8")
    for path, text in made.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Forbid the network."""
    return output.replace("<head>", f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}">', 1)


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Take away the commands that set a page up for its test."""
    return re.sub(r"^<!-- (?:run|not run):.*?-->\n", "", markdown, flags=re.M | re.S)
