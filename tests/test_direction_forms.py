"""The forms that are seen in directions: each is read as what it orders, or refused under the code that names why."""

from __future__ import annotations

from pathlib import Path

import pytest

from secdefs.letter.instrument import Instrument, read_instrument

FORMS = Path(__file__).resolve().parents[1] / ".." / "shared" / "corpus" / "sec_forms.md"

HEAD = """To: the Panel

4 March 2022

This direction is made for the purposes of the licence granted to the Data Company (such licence being the "Licence") \
and the Smart Energy Code designated under it (such code being the "SEC").

"""
TAIL = """

Yours faithfully,

Rowan Ellis

Annexes

Annex A: SEC Appendix B – Alert Handbook v2.0

Annex B: SEC Appendix C – Service Handbook v4.0
"""
DIRECTS = "The Secretary of State directs that, with effect from 1 April 2022, "
CHANGES = DIRECTS + "the following changes are made to the SEC:\n\n(a) "
GREY = "The Secretary of State directs that in the definition of “Alert” in Section A the word “grey” shall be deleted."

# By the number of the form in the list: a sentence of its kind, and the operations or the code that must come of it.
READ = {
    "A1": (DIRECTS + "in the definition of “Alert” in Section A omit “grey”.", ["omit_words"]),
    "A2": (
        DIRECTS + "the Alert Handbook is hereby designated and incorporated in the form set out in Annex A of this "
        "direction as SEC Appendix B.",
        ["incorporate_document"],
    ),
    "A3": (
        DIRECTS + "the Alert Handbook (AH) previously designated and incorporated into the SEC as Appendix B of the "
        "SEC is hereby re-designated and incorporated in the form set out in Annex A of this direction.",
        ["reincorporate_document"],
    ),
    "A5": (
        CHANGES + "the Smart Energy Code contents shall be updated to additionally include the following words at the "
        "end of the list of Appendices:\n\n“Appendix AT: Key Policy”",
        ["insert_provision"],
    ),
    "A6": (
        CHANGES + "in the definition of “Alert” in Section A of the SEC the words “grey” shall be replaced with the "
        "words “blue”",
        ["substitute_words"],
    ),
    "A7": (
        DIRECTS[:-2] + ":\n\nThe following definitions in Section A are amended as shown:\n\n"
        "Alert           means a blue message.",
        ["substitute_provision"],
    ),
    "A8": (
        DIRECTS + "the SEC is corrected as follows.\n\nThe correct definitions of “Alert” and “Notice” are:\n\n"
        "– “Alert” means a message.\n\n– “Notice” means a paper.",
        ["substitute_provision", "substitute_provision"],
    ),
    "A10": (CHANGES + "introduce a new Section A4 as follows:\n\n“A4 Reviews\n\nA4.1 …”", None),
    "A16": (
        "The Secretary of State directs that the Alert Handbook previously designated and incorporated into the SEC as "
        "Appendix B is hereby re-designated to take effect and be re-incorporated into the SEC, in the form set out in "
        "Annex A, at the Go-Live Date.",
        ["reincorporate_document"],
    ),
    "A18": (
        GREY + "\n\nFor the avoidance of doubt, any re-designation of the Alert Handbook shall be without prejudice to "
        "anything done under it.",
        ["omit_words"],
    ),
    "A19": (
        GREY + "\n\nWords and expressions used in this direction shall be interpreted in accordance with Section A.",
        ["omit_words"],
    ),
    "A21": (CHANGES + "remove the date ‘1 June 2021’ from SEC Section H8.16.", ["omit_words"]),
    "A25": (CHANGES + "change the wording of SEC Appendix AA from “one” to “two”.", ["substitute_words"]),
    "B1": (
        CHANGES + "The definition of Alert in Section A shall be amended to read as follows: Alert means a message.",
        ["substitute_provision"],
    ),
    "B2": (
        CHANGES + "The definition of “Alert” in Section A shall be amended by the addition of the words “or blue” "
        "after “grey”.",
        ["insert_words"],
    ),
    "B3": (CHANGES + "Section H8.16 shall be amended by adding after “grey” the words “or blue”.", ["insert_words"]),
    "B5": (
        "The Authority hereby directs as follows. The following modifications shall apply on and after: 1 April 2022."
        "\n\n(a) in the definition of “Alert” in Section A omit “grey”.",
        ["omit_words"],
    ),
    "B6": (GREY + "\n\nThis direction shall have effect on and from the date hereof.", ["omit_words"]),
    "B7": (
        DIRECTS + "Section H8.16 is amended as follows:\n\n(a) in sub-paragraph (c), for “one” substitute “two;”; and"
        "\n\n(b) in sub-paragraph (d), for “three” substitute “four”.",
        ["substitute_words", "substitute_words"],
    ),
    "B8": (CHANGES + "Section H8.16 is amended by inserting “blue” after “grey”.", ["insert_words"]),
    "B12": (
        "The Authority makes the following modifications to the SEC, in exercise of the powers conferred by section 3 "
        "of the Act, with effect from 1 April 2022:\n\n(a) in the definition of “Alert” in Section A omit “grey”.",
        ["omit_words"],
    ),
    "B14": (
        CHANGES + "Add new paragraph 1.15 to read as follows:\n\n“1.15 The Panel shall reply.”",
        ["insert_provision"],
    ),
    "B15": (CHANGES + "Delete paragraphs 1.7.11, 1.7.12 and 1.7.13.", ["omit_provision"] * 3),
    "B16": (
        DIRECTS + "Section H8 is amended as follows:\n\n(a) in paragraph (5), for “one” substitute “two”;\n\n"
        "(b) omit paragraphs (6) and (8).",
        ["substitute_words", "omit_provision", "omit_provision"],
    ),
    "B17": (
        CHANGES + "for the definition of “Alert” in Section A, substitute—\n\n“Alert” means a message;",
        ["substitute_provision"],
    ),
    "B18": (
        CHANGES + "in Section A, at the appropriate places insert—\n\n““Alert” has the meaning given in Section H8;”"
        "\n\n““Notice” means— (a) one, or (b) two;”",
        ["insert_provision"],
    ),
}
REFUSED = {
    "A9": (DIRECTS + "the SEC is modified to introduce a new Section B sub-section: Section B2: Reviews", "SD108"),
    "A10": (READ.pop("A10")[0], "SD108"),
    "A11": (CHANGES + "extend the tests, in Section X2.4(b) and Section X2.6(a), until June 2022.", "SD108"),
    "A12": (
        "The Secretary of State directs as follows.\n\nThe date of submitting the following documents was moved from "
        "1 June 2022 to 1 July 2022:\n\n• the Alert Report (L4.6(b))\n\n• the Key Report (L4.7(a))",
        "SD108",
    ),
    "A13": (
        DIRECTS + "the date by which the following document must be submitted shall be no later than 1 July 2022: the "
        "Alert Report.",
        "SD108",
    ),
    "A14": (CHANGES + "activate Section H14.31 from that date.", "SD108"),
    "A15": (
        "The Secretary of State directs that the Alert Handbook be incorporated into the SEC from the 4th May 2022.",
        "SD101",
    ),
    "A4": (
        DIRECTS[:-1] + ":\n\n• The Alert Handbook and the Service Handbook previously designated and incorporated into "
        "the SEC as Schedule 8 are hereby re-designated in the form set out in Annex A of the Consultation letter.",
        "SD106",
    ),
    "A17": (
        "We propose the date of 1 April 2022 (or, if necessary, as soon as reasonably practicable within one month "
        "thereafter).",
        "SD101",
    ),
    "A22": ("The Secretary of State will amend Section J1.2(b) so that charges fall due monthly.", "SD108"),
    "A23": (CHANGES + "insert ‘or grey’ after ‘blue’ in SEC Appendix I ‘Alert Handbook’ clause 3.2.", "SD101"),
    "A24": (
        "The Secretary of State hereby extends the testing end-date in Section T2 from its previous date of 1 June "
        "2022 to 1 July 2022.",
        "SD108",
    ),
    "A26": (
        CHANGES + "make an amendment to the ‘Alert Table’ within the Alert Handbook to show that grey is allowed.",
        "SD108",
    ),
    "B4": (
        CHANGES
        + "Section H8 shall be deleted and the new Section H8 set out in Annex A shall be inserted in its place.",
        "SD108",
    ),
    "B9": (
        DIRECTS + "the SEC is modified by omitting Section C4 from Section C (Parties); and inserting new Sections B5 "
        "and B6 in Section B.",
        "SD108",
    ),
    "B10": ("The Authority hereby directs, with effect from Day 1, to modify the SEC as set out in Annex A1.", "SD108"),
    "B13": (
        CHANGES + "Amend paragraph 1.7.1(a) to read as follows:\n\n“…the Panel shall, within ten days, reply…”",
        "SD108",
    ),
    "B20": (
        GREY + "\n\nThis direction shall not come into effect until the Secretary of State has given a direction "
        "specifying a date for that purpose.",
        "SD102",
    ),
}


def letter(body: str) -> Instrument:
    return read_instrument(HEAD + body + TAIL)


@pytest.mark.parametrize("form", list(READ))
def test_a_form_is_read_as_what_it_orders(form: str) -> None:
    body, kinds = READ[form]
    found = letter(body)

    assert [each for each in found.findings if each.severity == "error"] == []
    assert kinds == [each.operation.__struct_config__.tag for each in found.instructions]
    assert found.coverage.not_understood == 0


@pytest.mark.parametrize("form", list(REFUSED))
def test_a_form_that_is_no_order_is_refused_for_what_it_is(form: str) -> None:
    body, code = REFUSED[form]
    errors = [each.code for each in letter(body).findings if each.severity == "error"]

    assert code in errors
    assert set(errors) <= {code, "SD101"}


# Lists, letters at a stage or of another kind: tested elsewhere, by whole letters.
ELSEWHERE = {"A20", "B11", "B19", "B21", "B22"}


@pytest.mark.skipif(not FORMS.exists(), reason="the list of forms is not beside this checkout")
def test_every_form_of_the_list_is_tried() -> None:
    listed = {line.split("|")[1].strip() for line in FORMS.read_text("utf-8").splitlines() if line.startswith("| ")}

    assert {form for form in listed if form[:1] in "AB" and form[1:].isdigit()} == {*READ, *REFUSED, *ELSEWHERE}
