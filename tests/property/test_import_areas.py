"""No row of any table lands on a village other than the one that it was made of, whatever it states and lacks.

Rows are made of the embedded list at every level, with codes in every spelling, shifted or absent, and with names in
every spelling, parents stated or not. A row is taken for its own village, or it is unsure, or it is a fault; the row of
a kecamatan, kab/kota or province is taken for none.
"""

import csv
import io
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.places.importing import Asked, client_rows, costs, preview
from coverage.places.tables.area_names import key, village_keys
from coverage.places.tables.faults import FIXES, Faults
from coverage.places.villages import load_villages, name_key

VILLAGES = load_villages()
KODE = VILLAGES.index.tolist()
ROWS = dict(zip(KODE, VILLAGES[["name", "district", "regency", "province"]].to_numpy(object).tolist(), strict=True))
BY_KEY: dict[str, list[str]] = {}
for one, names in ROWS.items():
    BY_KEY.setdefault(key(names[0]), []).append(one)
LIKE_PARENTS = [
    kode
    for kode, (name, *parents) in ROWS.items()
    if {key(name), name_key(name)} & {form for parent in parents for form in (key(parent), name_key(parent))}
]
ONLY_ONES = [found[0] for found in BY_KEY.values() if len(found) == 1]
REPEATED = [kode for found in BY_KEY.values() if len(found) > 20 for kode in found]
NAMED_ELSEWHERE = [
    kode
    for kode, (_, district, regency, _) in ROWS.items()
    if any(
        other[:2] != kode[:2]
        for form in (key(district), name_key(regency))
        for other in (BY_KEY.get(form, ()) if len(BY_KEY.get(form, ())) == 1 else ())
    )
]
"""Villages of a kecamatan or kab/kota whose name only one village bears, in another province."""
LEVELS = ("village", "district", "regency", "province")
HEAD = ("kode", "desa", "kecamatan", "kabupaten/kota", "provinsi")
FIRST = 1000
PORT = "74.07.01.1003"


@dataclass(frozen=True)
class Made:
    """A row: the village it was made of ("" for a total), and its cells."""

    kode: str
    cells: tuple[str, ...]


def spelled(draw, name, level):
    words = {
        "village": ("{}", "{}", "Kel. {}", "DESA {}", "  {} "),
        "district": ("{}", "{}", "Kec. {}", "KECAMATAN {}"),
        "regency": ("{}", "{}"),
        "province": ("{}", "Provinsi {}"),
    }
    shaped = draw(st.sampled_from(words[level])).format(name)
    if level == "regency" and draw(st.booleans()):
        shaped = shaped.removeprefix("Kabupaten ").removeprefix("Kota ")
    return draw(st.sampled_from((str, str.upper, str.lower)))(shaped)


def code_of(draw, kode, level):
    """Write a code in one of the ways that offices do; with BPS digits those of some other village."""
    cut = kode[: codes.LENGTH_OF[level]]
    digits = cut.replace(".", "")
    padded = {"village": [], "district": [f"{cut}.0000"], "regency": [f"{cut}.00.0000"], "province": [f"{cut}.00"]}
    bps = f"{digits[:4]}{draw(st.integers(10, 290)):03d}{draw(st.integers(1, 20)):03d}"
    short = {"village": bps, "district": bps[:7], "regency": digits, "province": digits}
    return draw(
        st.sampled_from(("", "", cut, cut, digits, f"'{cut}", *padded[level], short[level], digits.ljust(10, "0"), "-"))
    )


@st.composite
def rows(draw):
    """Make the rows of a table, some of them totals, the codes perhaps shifted against the names."""
    home = draw(st.sampled_from(KODE))
    near = [kode for kode in KODE if kode[:5] == home[:5]]
    pool = draw(st.sampled_from((KODE, near, LIKE_PARENTS, ONLY_ONES, REPEATED, NAMED_ELSEWHERE)))
    chosen = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=7))
    levels = [draw(st.sampled_from(("village", "village", *LEVELS))) for _ in chosen]
    stated = draw(st.sampled_from(((True,) * 3, (False,) * 3, (False, True, True), (True, False, False))))
    made, written = [], []
    for kode, level in zip(chosen, levels, strict=True):
        names, at = ROWS[kode], LEVELS.index(level)
        parents = [names[place] if place > at and stated[place - 1] else "" for place in (1, 2, 3)]
        made.append(Made(kode if level == "village" else "", ("", spelled(draw, names[at], level), *parents)))
        written.append(code_of(draw, kode, level))
    shift = draw(st.sampled_from((0, 0, 1, -1, 2)))
    turned = [written[(place + shift) % len(written)] for place in range(len(written))]
    asked = draw(st.sampled_from(("ID", home[:2], home[:5], chosen[0][:2], chosen[0][:5])))
    # Whoever asks for a region says that every row lies in it.
    whole = all(codes.contains(asked, kode) for kode in chosen)
    region = asked if whole else "ID"
    return [Made(one.kode, (code, *one.cells[1:])) for one, code in zip(made, turned, strict=True)], region


def fits(made, landed):
    """Tell whether everything that the row states fits the village it landed on too: nobody could tell them apart."""
    code, village, *parents = (cell.strip() for cell in made.cells)
    name, *around = ROWS[landed]
    bare = code.strip("'").replace(".", "")
    codes_agree = not code or code == "-" or bare == landed.replace(".", "")
    same = bool(set(village_keys(village)) & set(village_keys(name)))
    return (
        codes_agree
        and bool(bare.strip("-"))
        and same
        and all(
            not stated or name_key(stated) == name_key(there) for stated, there in zip(parents, around, strict=True)
        )
    )


def table(head, lines):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerows([head, *lines])
    return buffer.getvalue().encode()


COLUMNS = {
    "population": (("penduduk",), lambda n: (FIRST + n,)),
    "visits": (("tanggal", "tim"), lambda n: (f"{n + 1:02d}-10-2024", f"T{n}")),
    "units": (("nama",), lambda n: (f"Klinik {n}",)),
    "vulnerability": (("kelas", "tahun"), lambda n: ("Aman", 2000 + n)),
    "clients": (("jumlah",), lambda n: (FIRST + n,)),
    "costs": (("biaya",), lambda n: (FIRST + n,)),
}
"""Columns of each kind beside those of the village, and what a row holds there: its number can be told from it."""
NUMBER = {
    "population": lambda row: int(row["persons"]) - FIRST,
    "visits": lambda row: int(row["team"][1:]),
    "units": lambda row: int(row["name"].split()[1]),
    "vulnerability": lambda row: int(row["year"]) - 2000,
    "ferries": lambda row: int(row["name"][1:]),
}
KINDS = tuple(COLUMNS)


def landed(kind, made, region, fixes=frozenset()):
    """Import the rows as one kind of table, and give the village of each row that was taken."""
    asked = Asked(region=region, year=2024, fixes=fixes)
    if kind == "ferries":
        ends = [one.cells[0].strip("'- ") or one.cells[1] for one in made]
        head, lines = ("lintasan", "dari", "ke", "menit"), [(f"L{n}", end, PORT, 60) for n, end in enumerate(ends)]
    else:
        head, filled = (*HEAD, *COLUMNS[kind][0]), COLUMNS[kind][1]
        lines = [(*one.cells, *filled(n)) for n, one in enumerate(made)]
    raw = table(head, lines)
    try:
        if kind == "clients":
            counts = client_rows.read_counts(raw, "x.csv", asked, Faults("x.csv", secret=True, mending=fixes)).counts
            return {int(count) - FIRST: kode for kode, count in counts.items()}
        if kind == "costs":
            return {int(cost) - FIRST: kode for kode, cost in costs.read_costs(raw, "x.csv", region).items()}
        good = preview(kind, raw, "x.csv", asked).good
    except InputError:
        return {}
    column = "from_kode" if kind == "ferries" else "kode"
    return {NUMBER[kind](row): row[column] for _, row in good.iterrows()}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(made=rows(), mended=st.booleans())
def test_no_row_lands_on_a_village_it_was_not_made_of(kind, made, mended):
    lines, region = made
    for number, kode in landed(kind, lines, region, frozenset(FIXES if mended else ())).items():
        row = lines[number]
        assert kode == row.kode or fits(row, kode), (row, kode)


@settings(max_examples=8)
@given(made=rows())
def test_no_port_lands_on_a_village_it_was_not_made_of(made):
    lines, region = made
    for number, kode in landed("ferries", lines, region).items():
        # One cell holds code or name: a code of a village is that village, whoever wrote it.
        assert kode in (lines[number].kode, lines[number].cells[0].strip("'")), lines[number]


def test_every_kecamatan_that_shares_its_name_with_a_village_is_never_that_village():
    pairs = {ROWS[kode][1:3][0] + "|" + ROWS[kode][2]: ROWS[kode] for kode in LIKE_PARENTS}
    assert len(pairs) > 2_500
    lines = [("", names[1], "", names[2], names[3], 5) for names in pairs.values()]
    found = preview("population", table((*HEAD, "penduduk"), lines), "x.csv", Asked(year=2024))
    keyed = {(key(names[0]), names[2]) for names in ROWS.values()}
    shared = sum((key(names[1]), names[2]) in keyed for names in pairs.values())
    taken = {VILLAGES.at[kode, "name"] for kode in found.good["kode"]}
    assert (found.imported, taken) == (0, set())
    assert len(found.unsure) > shared // 2


def test_every_village_with_a_code_and_its_own_names_is_taken():
    chosen = KODE[::97]
    lines = [(kode, *ROWS[kode], 5) for kode in chosen]
    for shape in (str, lambda kode: kode.replace(".", "")):
        raw = table((*HEAD, "penduduk"), [(shape(kode), *rest) for kode, *rest in lines])
        assert sorted(preview("population", raw, "x.csv", Asked(year=2024)).good["kode"]) == chosen


def test_every_village_with_its_names_and_no_code_is_taken_or_ambiguous():
    chosen = KODE[::97]
    raw = table((*HEAD, "penduduk"), [("", *ROWS[kode], 5) for kode in chosen])
    found = preview("population", raw, "x.csv", Asked(year=2024))
    assert set(found.good["kode"]) <= set(chosen)
    assert {fault.problem.key for fault in found.faults} <= {"tables.name_ambiguous", "tables.no_village"}
    assert found.imported > len(chosen) - 5
