"""What an edit leaves behind: where a record goes among those taken out, what is touched, and what can be undone."""

from __future__ import annotations

import pytest
from cases import short_code

from secdefs.change.edits import Add, Consolidation, Edit, Piece, Remove, Splice, spliced
from secdefs.findings import SecdefsError
from secdefs.model import Definition

TERMS = "Alert: means one.\nDevice: means two.\nUser: means three."


def made(code: str, *edits: tuple[str, Edit]) -> Consolidation:
    """A code after edits, each with the instruction whose work it is."""
    result = Consolidation(short_code(code))
    for by, edit in edits:
        result.apply(edit, by)
    return result


def new(index: int, term: str) -> Add:
    return Add("definitions", index, Definition(term=term, text="means new."))


def text(at: int, old: str, words: str) -> Splice:
    return Splice("definitions", "X", "text", at, old, words)


def test_a_record_goes_before_the_standing_one_whatever_was_taken_out() -> None:
    out = ("1", Remove("definitions", "Alert"))

    assert made(TERMS, out, ("2", new(0, "Zone"))).keys("definitions") == ("Zone", "Device", "User")
    assert made(TERMS, out, ("2", new(1, "Zone"))).keys("definitions") == ("Device", "Zone", "User")
    assert made(TERMS, out, ("2", new(2, "Zone"))).keys("definitions") == ("Device", "User", "Zone")
    assert made(TERMS, ("2", new(3, "Zone"))).keys("definitions") == ("Alert", "Device", "User", "Zone")


def test_a_record_to_which_words_were_only_added_is_touched() -> None:
    marked = made("X: one.", ("1", text(3, "", " more"))).get("definitions", "X")
    plain = made("X: one.").get("definitions", "X")

    assert marked is not None
    assert marked.touched()
    assert plain is not None
    assert not plain.touched()


def test_a_field_of_which_all_is_gone_is_empty_and_not_absent() -> None:
    entries = "Appendices > A: Key Policy\nAppendix A = Key Policy v1.0 2020-01-01"
    code = made(
        entries,
        ("1", Splice("contents:Appendices", "A", "title", 0, "Key Policy", "")),
        ("1", Splice("documents", "Appendix A", "version", 0, "1.0", "")),
    ).code()

    assert code.contents is not None
    assert code.documents is not None
    assert code.contents[0].entries[0].title == ""
    assert code.documents[0].version is None


def test_pieces_of_one_origin_are_one() -> None:
    before = (Piece("one two"),)
    between = spliced(before, 3, "", " and", "1")
    again = spliced(between, 7, "", " a half", "1")

    assert (Piece("one"), Piece(" and", "1"), Piece(" two")) == between
    assert (Piece("one"), Piece(" and a half", "1"), Piece(" two")) == again
    assert (Piece("one"), Piece(" and", "1"), Piece(" two", None, "2")) == spliced(between, 7, " two", "", "2")
    with pytest.raises(SecdefsError):
        spliced(before, 1, "two", "", "1")


# --- undone -----------------------------------------------------------------------------------------------------------


def test_words_in_the_midst_of_another_s_stop_it_from_being_undone() -> None:
    code = made("X: one.", ("1", text(3, "", ", two, three")), ("2", text(8, "", " and a half")))

    with pytest.raises(SecdefsError, match="1 cannot be undone"):
        code.undo("1")
    assert code.text("definitions", "X") == "one, two and a half, three."
    code.undo("2")
    code.undo("1")
    assert code.text("definitions", "X") == "one."


def test_words_beside_another_s_stay_when_it_is_undone() -> None:
    for at in (3, 8):  # before them and after them
        code = made("X: one.", ("1", text(3, "", ", two")), ("2", text(at, "", " or so")))

        code.undo("1")

        assert code.text("definitions", "X") == "one or so."


def test_words_that_another_amended_stop_it_from_being_undone() -> None:
    code = made("X: one.", ("1", text(3, "", ", two, three")), ("2", text(3, ", two", "")))

    with pytest.raises(SecdefsError, match="1 cannot be undone"):
        code.undo("1")


def test_a_key_given_anew_stops_only_the_omission_that_made_room() -> None:
    out, back = ("1", Remove("definitions", "Alert")), ("2", new(0, "Alert"))
    code = made(TERMS, out, back, ("3", Splice("definitions", "User", "text", 6, "three", "four")))

    code.undo("3")
    with pytest.raises(SecdefsError, match="1 cannot be undone"):
        code.undo("1")
    code.undo("2")
    code.undo("1")

    assert code.code() == short_code(TERMS)


def test_what_was_put_in_and_taken_out_by_another_is_not_undone_under_it() -> None:
    code = made(TERMS, ("1", new(0, "Zone")), ("2", Remove("definitions", "Zone")))

    with pytest.raises(SecdefsError, match="1 cannot be undone"):
        code.undo("1")
    assert code.keys("definitions") == ("Alert", "Device", "User")


def test_a_key_that_is_in_use_is_not_given_twice() -> None:
    with pytest.raises(SecdefsError, match="in the list already"):
        made(TERMS, ("1", new(0, "User")))
    with pytest.raises(SecdefsError, match="in the list already"):
        made(TERMS, ("1", Splice("definitions", "User", "term", 0, "User", "Alert")))
