"""Text made to do harm, pasted or uploaded: it ends in a sentence, after work that its size bounds."""

import contextlib
import difflib
import gc
import json
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.ground import lookalikes
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places import importing
from coverage.places.importing import KINDS, Asked, preview
from coverage.places.tables import area_names, areas, faults, labels, table_files, text_child
from coverage.places.tables.faults import LOOKALIKE
from coverage.places.tables.table_files import read_content

TABLE = "kode,penduduk\n74.71.01.1005,10\n"
LIMITS = text_child.Limits(50_000, 500, 2_000_000, 32_767, 1_048_576)
HEADS = {
    "units": ("id;nama;jenis", "u{at};Klinik {at};klinik"),
    "visits": ("tanggal", "04-10-2024"),
    "population": ("tahun;penduduk", "2024;10"),
    "vulnerability": ("tahun;kelas", "2024;Bahaya"),
    "clients": ("tahun", "2024"),
}


def refused(raw, name="t.csv"):
    with pytest.raises(InputError) as caught:
        read_content(raw, name)
    return str(caught.value)


def misspelt(kind, rows, names):
    head, tail = HEADS[kind]
    lines = [f"{names[at % len(names)]};Mandonga;Kota Kendari;{tail.format(at=at)}" for at in range(rows)]
    return "\n".join([f"kelurahan;kecamatan;kabupaten/kota;{head}", *lines, ""]).encode()


def test_lines_are_counted_blank_ones_too(monkeypatch):
    monkeypatch.setattr(table_files, "MAX_LINES", 100)
    assert "lebih dari 100 baris teks" in refused(b"kode,penduduk" + b"\n" * 101 + b"74.71.01.1005,1")
    assert len(read_content(b"kode,penduduk\n74.71.01.1005,1" + b"\r\n" * 500, "t.csv").sheets[0].rows) == 2


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            TABLE.encode() + b'74.71.01.1006,"' + b"a" * 40_000 + b'"\n',
            "t.csv, baris 3, kolom B: sel berisi lebih dari",
        ),
        (TABLE.encode() + b'"' + b"a,b\n" * 60_000, "t.csv, baris 3: tidak dapat dibaca sebagai tabel"),
        (b'"' * 70_001, "t.csv, baris 1"),
        (TABLE.encode() + b"74.71.01.1006,1\0\n", "t.csv, baris 3: berisi karakter NUL"),
        (b"\0" * 5000, "t.csv bukan tabel yang dikenal"),
        (b"a," * 600 + b"\n" + b"1," * 600, "t.csv berisi lebih dari 500 kolom"),
        (b"," * 300_000, "t.csv berisi lebih dari 500 kolom"),
        (b"{" * 200_000, "t.csv tidak dapat dibaca sebagai JSON"),
        (b'{"type":"FeatureCollection","features":' + b"[" * 200_000, "t.csv tidak dapat dibaca sebagai JSON"),
    ],
)
@pytest.mark.parametrize("small", [0, 10**9], ids=["child", "here"])
def test_what_cannot_be_read_is_a_sentence_with_its_place(raw, said, small, monkeypatch):
    monkeypatch.setattr(table_files, "SMALL_TEXT_BYTES", small)
    assert refused(raw).startswith(said)


POINTS = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"nama": "A", "n": 1.5, "ya": True, "nol": None}, "geometry": None},
            {"type": "Feature", "properties": None, "geometry": {"type": "Point", "coordinates": [122.5, -3.9]}},
        ],
    }
).encode()


@pytest.mark.parametrize(
    "raw",
    [
        TABLE.encode(),
        TABLE.encode("utf-16-le"),
        TABLE.encode("utf-16"),
        "kode;desa\n1;Désa\n".encode("cp1252"),
        b'sep=;\nkode;desa\n1;"a;\nb"\n\n\n3;#N/A\n',
        b'"kode,desa"\n"1,""A"""\n',
        POINTS,
    ],
)
def test_a_large_text_is_read_in_its_child_as_a_small_one_is_here(raw, monkeypatch):
    here = read_content(raw, "t.csv")
    monkeypatch.setattr(table_files, "SMALL_TEXT_BYTES", 0)
    assert read_content(raw, "t.csv") == here


def test_a_line_of_too_many_columns_is_refused_before_it_is_taken_apart(monkeypatch):
    monkeypatch.setattr(text_child.csv, "reader", lambda *_, **__: pytest.fail("taken apart"))
    with pytest.raises(text_child.Refused):
        next(iter(text_child._lines("," * 501, ",", LIMITS)))


@pytest.mark.parametrize("kind", sorted(HEADS))
def test_each_misspelt_name_is_looked_for_once_however_often_it_stands(kind, monkeypatch):
    area_names._alike_among.cache_clear()
    sought = []

    closest = lookalikes.closest
    monkeypatch.setattr(lookalikes, "closest", lambda word, *rest: (sought.append(word), closest(word, *rest))[1])
    names = ["Mandongga", "Korumbaa", "Alolamma"]
    preview(kind, misspelt(kind, 60, names), "t.csv", Asked())
    assert len(sought) == len(set(sought)) == len(names)


@pytest.mark.parametrize("kind", sorted(HEADS))
def test_the_faulty_rows_are_not_gathered_anew_for_every_row(kind, monkeypatch):
    gathered = []
    whole = faults.Faults.rows.fget
    monkeypatch.setattr(faults.Faults, "rows", property(lambda self: (gathered.append(1), whole(self))[1]))
    counts = []
    for rows in (10, 40):
        gathered.clear()
        preview(kind, misspelt(kind, rows, ["Mandongga"]), "t.csv", Asked())
        counts.append(len(gathered))
    assert counts[0] == counts[1]


def test_every_kind_with_names_of_villages_is_tried():
    assert set(KINDS) - set(HEADS) == {"ferries", "targets"}


def test_a_header_of_a_thousand_words_is_not_taken_apart(monkeypatch):
    monkeypatch.setattr(labels.Lexicon, "_bare", lambda *_: pytest.fail("taken apart"))
    lexicon = labels.Lexicon.__new__(labels.Lexicon)
    assert lexicon._meaning(("penduduk " * 200, "laki")) is None


WORDS = st.text("abcde ", max_size=9)


@given(WORDS, st.lists(WORDS, max_size=12, unique=True), st.sampled_from([0.0, 0.5, 0.6, 0.75, 0.8, 1.0]))
def test_the_closest_words_are_those_of_the_standard_library(word, words, least):
    assert lookalikes.closest(word, words, 3, least) == difflib.get_close_matches(word, words, 3, least)


@given(WORDS, WORDS, st.sampled_from([0.5, 0.75, 0.9]))
def test_two_words_are_alike_as_the_standard_library_says(one, other, least):
    assert lookalikes.are_alike(one, other, least) == (
        one == other or difflib.SequenceMatcher(None, one, other).ratio() >= least
    )


@pytest.mark.parametrize("kind", sorted(HEADS))
@pytest.mark.parametrize("most", [0, 4, 5, 6, 7, 8])
def test_similar_names_are_sought_for_so_many_names_and_the_rest_is_told(kind, most, monkeypatch):
    # Seven misspelt names in 23 rows: each several times, one listed name between them.
    names = ["Mandongga", "Korumbaa", "Kadiaa", "Mandonga", "Alolamma", "Wawombalatta", "Labibiaa", "Anggilowwu"]
    names[2] = "Zzzzzz"
    raw = misspelt(kind, 23, names)
    whole = preview(kind, raw, "t.csv", Asked())
    monkeypatch.setattr(areas, "_MOST_SOUGHT", most)
    found = preview(kind, raw, "t.csv", Asked())
    fixed = preview(kind, raw, "t.csv", Asked(fixes=frozenset({LOOKALIKE})))
    sought = [name for name in names if name != "Mandonga"][:most]
    unsought = [row for row in range(2, 25) if names[(row - 2) % 8] not in {*sought, "Mandonga"}]
    told = [one for one in found.detected if one.key == "tables.detected_unsought"]
    assert [one for one in found.detected if one not in told] == list(whole.detected)
    assert bool(told) == bool(unsought) == (most < 7)
    if told:
        assert told[0].values == {
            "most": most, "rows": len(unsought), "column": "kelurahan", "first": str(min(unsought)),
        }  # fmt: skip
        assert str(min(unsought)) in told[0].text("id")
        assert str(min(unsought)) in told[0].text("en")
    expected = [
        one
        if one.row not in unsought or one.column != "kelurahan"
        else replace(
            one,
            problem=Message.of("tables.name_unknown"),
            remedy=Message.of("tables.fix_name_unknown"),
            fix="",
            becomes="",
        )
        for one in whole.faults
    ]
    assert list(found.faults) == expected
    assert {one.row for one in fixed.mended} == {one.row for one in found.faults if one.fix}
    assert not {one.row for one in fixed.mended} & set(unsought)
    assert found.unsure == tuple(one for one in whole.unsure if one.row not in unsought)
    assert found.unmatched + len(found.unsure) == whole.unmatched + len(whole.unsure)
    pd.testing.assert_frame_equal(found.good, whole.good)


@pytest.mark.parametrize("most", [2, 5])
def test_the_region_does_not_decide_which_names_of_clients_are_sought(most, monkeypatch):
    """What is read of clients must be the same whatever region is asked for: names that nobody bears are counted."""
    raw = misspelt("clients", 23, ["Mandongga", "Korumbaa", "Batupoaro", "Mandonga", "Alolamma", "Lipuu", "Labibiaa"])
    monkeypatch.setattr(areas, "_MOST_SOUGHT", most)
    told = [
        preview("clients", raw, "t.csv", Asked(region=region, fixes=frozenset({LOOKALIKE})))
        for region in ("ID", "74", "74.71", "74.72")
    ]
    seen = [({row.row for row in one.mended}, one.good.to_csv()) for one in told]
    assert len(seen[0][0]) > 1
    assert seen == [seen[0]] * 4


def test_as_many_names_as_a_large_table_has_by_mistake_are_all_sought():
    assert 2_000 <= areas._MOST_SOUGHT <= 5_000


@pytest.mark.parametrize("raw", [b"", b"kode,penduduk\n74.71.01.1005,10\n"])
def test_reading_a_table_leaves_the_search_for_garbage_as_it_was(raw):
    with contextlib.suppress(InputError):
        preview("population", raw, "t.csv", Asked(year=2024))
    assert gc.isenabled()


def test_the_search_for_garbage_is_on_again_however_two_tables_are_read_at_a_time(monkeypatch):
    """The first ends while the second begins."""
    first, off = importing._no_search_for_garbage(), gc.disable
    first.__enter__()

    def ending():
        monkeypatch.undo()
        first.__exit__(None, None, None)
        off()

    monkeypatch.setattr(gc, "disable", ending)
    with importing._no_search_for_garbage():
        pass
    assert gc.isenabled()
