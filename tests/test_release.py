"""What is published: the same bytes from the same files, whoever packs them and when."""

from __future__ import annotations

import io
import tarfile

from reference.release import plain


def packed(names: list[str], moment: int, owner: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as made:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.uname, member.uid = 3, moment, owner, moment % 7
            made.addfile(member, io.BytesIO(b"abc"))
    return out.getvalue()


def test_an_sdist_does_not_tell_who_packed_it_when_or_in_which_order() -> None:
    one, other = packed(["a/x", "a/y"], 1_000, "ann"), packed(["a/y", "a/x"], 2_000, "bob")

    assert one != other
    assert plain(one, 5) == plain(other, 5)


def test_an_sdist_keeps_its_files() -> None:
    with tarfile.open(fileobj=io.BytesIO(plain(packed(["a/x", "a/y"], 1, "ann"), 5))) as made:
        assert made.getnames() == ["a/x", "a/y"]
        found = made.extractfile("a/x")
        assert found is not None
        assert found.read() == b"abc"
        assert {member.mtime for member in made.getmembers()} == {5}
