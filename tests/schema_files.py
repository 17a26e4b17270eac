"""Makes `docs/schema/`, as `secdefs schema` writes it. A test holds the files against the command."""

from __future__ import annotations

from pathlib import Path

from secdefs.schema import SCHEMAS, schema

FOLDER = Path(__file__).parent.parent / "docs" / "schema"

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in SCHEMAS:
        (FOLDER / f"{name}.json").write_text(schema(name), encoding="utf-8")
