"""Counts what the parser reads exactly, refuses or reads wrongly in a corpus of real instructions.

    python3 run score [--corpus FOLDER] [--wrong | --refused | --exact] [--sample N] [--seed S] [--kind KIND]

A corpus is a folder of `.jsonl` files whose rows have `instruction`, `context`, `block`, `target` and `op`. What a row
says of its operation was worked out by others with regular expressions: it can be wrong, and it can say less than the
sentence. Rows that are surely wrong are listed, with the reason, in `score_rows.toml` beside this file, and are counted
apart.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import random
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from corpus import agreement

import secdefs

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent.parent / "shared" / "corpus"
WORDS = ("substitute", "insert", "omit", "replace_range", "omit_range")
DEFINITIONS = ("insert_definition", "substitute_definition", "omit_definition")


class Scored(NamedTuple):
    """A row, its hash, how it was read ("exact", "wrong", "row", "fault" or a code), and the differences."""

    file: str
    row: dict[str, Any]
    key: str
    verdict: str
    reasons: tuple[str, ...]
    reading: Any

    @property
    def level(self) -> str:
        kind = self.row["op"]["kind"]
        if kind in DEFINITIONS or agreement.omits_definitions(self.row):
            return "whole definitions"
        if kind not in WORDS:
            return "provisions"
        return "words in definitions" if agreement.on_definitions(self.row) else "words elsewhere"


def key(row: dict[str, Any]) -> str:
    """The hash of what a row gives the parser to read."""
    given = [row["instruction"], row["context"], row["block"] or []]
    return hashlib.sha256(json.dumps(given, ensure_ascii=False).encode()).hexdigest()[:12]


def rows(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of every file of the shape, with the file's name."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if "instruction" in row and "op" in row and "kind" in row["op"]:
                yield path.stem, row


def score(file: str, row: dict[str, Any], known: dict[str, tuple[str, bool]]) -> Scored:
    """Read a row and hold what was read against it."""
    mark = key(row)
    try:
        reading = secdefs.parse(row["instruction"], within=tuple(row["context"]), block=tuple(row["block"] or ()))
    except Exception as fault:  # a fault of the parser is a result like another, and the worst
        return Scored(file, row, mark, "fault", (repr(fault)[:120],), None)
    errors = [each for each in reading.findings if each.severity == "error"]
    if mark in known:
        # Of a sentence that directs nothing, an instruction read in it would be one that no one gave.
        read = "wrong" if reading.instructions and not errors and not known[mark][1] else "row"
        return Scored(file, row, mark, read, (known[mark][0],), reading)
    if not reading.instructions:
        return Scored(file, row, mark, errors[0].code if errors else "silence", (), reading)
    if errors:
        return Scored(file, row, mark, errors[0].code, (), reading)
    reasons = agreement.differences(row, reading.instructions)
    return Scored(file, row, mark, "wrong" if reasons else "exact", reasons, reading)


_QUOTES = re.compile(r"“(?:[^“”]|“[^“”]*”)*”|‘[^‘’]*’")
_REFS = re.compile(
    r"\b(?:sub-?)*(?:section|paragraph|regulation|article|rule|schedule|condition|clause|part|chapter|appendix|annex)s?"
    r"(?: \(?[\w.]+\)?(?:\(\w+\))*(?:(?:,| and| or| to) \(?\w+\)?(?:\(\w+\))*)*)",
    re.I,
)


def form(row: dict[str, Any]) -> str:
    """The shape of a sentence: quotations as Q, citations as REF, what stands in brackets left out."""
    text = _QUOTES.sub("Q", row["instruction"])
    text = _REFS.sub("REF", text)
    text = re.sub(r" \([^()]{3,}\)", "", text)
    text = re.sub(r"[;,.]? ?(?:and|or)?[;,.]?$", "", text.strip())
    return re.sub(r"\s+", " ", text)[:140] + (" BLOCK" if row["block"] else "")


# --- what is printed --------------------------------------------------------------------------------------------------


def table(results: list[Scored]) -> None:
    """Print, per file, level and kind: rows, exact, refused, wrong, and what was refused by code."""
    print(f"{'':<46}{'rows':>6}{'exact':>7}{'%':>7}{'refused':>9}{'wrong':>7}{'%':>7}{'row':>5}  refused, by code")
    groups: dict[tuple[str, str, str], list[Scored]] = collections.defaultdict(list)
    for each in results:
        for level in (each.level, "all"):
            groups[each.file, level, ""].append(each)
        groups[each.file, each.level, each.row["op"]["kind"]].append(each)
    for (file, level, kind), group in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1], item[0][2])):
        line(f"{file}: {level}" if not kind else f"    {kind}", group)
    print()
    for level in sorted({each.level for each in results}):
        line(f"together: {level}", [each for each in results if each.level == level])
    line("together", results)


def line(name: str, group: list[Scored]) -> None:
    """Print one line of the table."""
    count = collections.Counter(each.verdict for each in group)
    rows, exact, wrong, row = len(group) - count["row"], count["exact"], count["wrong"], count["row"]
    codes = {code: n for code, n in count.most_common() if code not in ("exact", "wrong", "row")}
    share = 100 / rows if rows else 0
    print(
        f"{name:<46}{rows:>6}{exact:>7}{exact * share:>7.1f}{sum(codes.values()):>9}{wrong:>7}{wrong * share:>7.1f}"
        f"{row:>5}  {' '.join(f'{code} {n}' for code, n in codes.items())}"
    )


def forms(results: list[Scored], number: int) -> None:
    """Print the commonest forms of what was refused, with the code and the first message."""
    count: collections.Counter[str] = collections.Counter()
    example: dict[str, Scored] = {}
    for each in results:
        if each.verdict not in ("exact", "wrong", "row"):
            shape = f"{each.verdict} {form(each.row)}"
            count[shape] += 1
            example.setdefault(shape, each)
    print(f"\nThe commonest forms refused ({len(count)} forms)")
    for shape, n in count.most_common(number):
        each = example[shape]
        said = each.reading.findings[0].message if each.reading and each.reading.findings else " ".join(each.reasons)
        print(f"{n:>5}  {shape}\n         {each.key}: {said[:150]}")


def show(each: Scored) -> None:
    """Print a row beside what was read of it."""
    print(f"--- {each.key} {each.file} {each.row['op']['kind']} [{each.verdict}] {'; '.join(each.reasons)}")
    for depth, lead in enumerate(each.row["context"]):
        print(f"  {'  ' * depth}{lead[:300]}")
    print(f"  {'  ' * len(each.row['context'])}{each.row['instruction'][:900]}")
    for text in (each.row["block"] or ())[:4]:
        print(f"        | {text[:160]}")
    op = {name: value for name, value in each.row["op"].items() if value}
    print(f"  row:  {json.dumps(op, ensure_ascii=False)[:400]}")
    print(f"        {json.dumps(each.row['target'], ensure_ascii=False)}")
    for instruction in each.reading.instructions if each.reading else ():
        print(f"  read: {'' if instruction.effect == 'textual' else '(AS IF) '}{str(instruction.operation)[:700]}")
        target = {name: value for name, value in secdefs_json(instruction.operation.target).items() if value}
        print(f"        {json.dumps(target, ensure_ascii=False)}  {instruction.commencement or ''}")
    for found in each.reading.findings if each.reading else ():
        print(
            f"  {found.code} {found.severity}: {found.message[:300]}" + (f" ({found.hint[:160]})" if found.hint else "")
        )


def secdefs_json(value: Any) -> dict[str, Any]:
    """A value as JSON has it."""
    import msgspec

    built: dict[str, Any] = msgspec.to_builtins(value)
    return built


def main() -> int:
    """Run the score; the exit status is 0 whatever was counted, 3 where there is no corpus."""
    options = argparse.ArgumentParser(prog="run score", description=(__doc__ or "").split("\n")[0])
    options.add_argument("--corpus", type=Path, default=CORPUS, help="a folder of .jsonl files")
    options.add_argument("--wrong", action="store_true", help="print the rows that are read and differ")
    options.add_argument("--refused", action="store_true", help="print the rows that are refused")
    options.add_argument("--exact", action="store_true", help="print rows that are read exactly")
    options.add_argument(
        "--sample", type=int, metavar="N", help="print N rows, of those asked for or of all that are read"
    )
    options.add_argument("--seed", type=int, default=0, help="which N rows")
    options.add_argument("--kind", help="only rows of this kind")
    options.add_argument("--row", action="append", help="print the rows of these hashes")
    options.add_argument("--forms", type=int, default=40, metavar="N", help="how many refused forms to print")
    asked = options.parse_args()
    if not asked.corpus.is_dir():
        print(f"score: there is no folder {asked.corpus}", file=sys.stderr)
        return 3
    listed = tomllib.loads((HERE / "score_rows.toml").read_text(encoding="utf-8"))
    known = {mark: (each["reason"], each["directs"]) for each in listed.get("row", ()) for mark in each["hashes"]}
    results = [score(file, row, known) for file, row in rows(asked.corpus)]
    if asked.kind:
        results = [each for each in results if each.row["op"]["kind"] == asked.kind]
    if asked.row:
        chosen = [each for each in results if each.key in asked.row]
    else:
        wanted = {"wrong": asked.wrong, "exact": asked.exact}
        chosen = [each for each in results if wanted.get(each.verdict, asked.refused and each.verdict != "row")]
        if asked.sample and not (asked.wrong or asked.exact or asked.refused):
            chosen = [each for each in results if each.reading is not None and each.reading.instructions]
        if asked.sample:
            chosen = random.Random(asked.seed).sample(chosen, min(asked.sample, len(chosen)))
    if chosen:
        for each in chosen:
            show(each)
        return 0
    if not results:
        print(f"score: {asked.corpus} has no rows of the shape", file=sys.stderr)
        return 3
    table(results)
    forms(results, asked.forms)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        sys.exit(141)
