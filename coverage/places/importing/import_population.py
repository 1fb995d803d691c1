"""Import of the population of villages: one row a village, or one row a village and sex, as offices publish it."""

from collections.abc import Mapping

import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.importing.preview import OFFICE, Asked, Preview, ReadTable, previewed, twice, years_of
from coverage.places.population import LAYER
from coverage.places.schemas.population_columns import FEMALE, MALE, POPULATION, SEX_BOTH
from coverage.places.tables import areas
from coverage.places.tables.column_cells import COUNT, is_unknown, read_numbers, total_reader
from coverage.places.tables.faults import Faults
from coverage.places.tables.headers import Table, read_table
from coverage.places.tables.sheets import Row
from coverage.places.tables.totals import check_total
from coverage.places.workspace import Workspace

__all__ = ["TEMPLATE", "read", "store"]

TEMPLATE = POPULATION.template
Key = tuple[str, int, str]
"""Village, year and sex of a row."""

_COLUMNS = ["kode", "year", "persons", "source", "origin"]


def read(source: bytes, name: str, asked: Asked) -> Preview:
    """Read a population table and find its faults; rows of one village and year that differ by sex are summed."""
    faults = Faults(name, mending=asked.fixes)
    table = read_table(source, name, POPULATION.reading, faults, sheet=asked.sheet, chosen=asked.chosen)
    matches = areas.find_villages(table, faults, areas.Sought(asked.region, asked.system))
    persons = _persons(table, faults, asked)
    sexes = {row.number: _sex(row, table, faults) for row in table.rows if row.number in persons}
    years = years_of(table, faults, asked, figures="persons" if table.has("persons") else "male", needed=persons)
    dated = {number: (kode, years[number]) for number, kode in matches.kode.items() if number in persons.keys() & years}
    earlier = _earlier(dated, table, faults)
    keys = {number: (*place, sexes[number]) for number, place in dated.items() if number not in earlier}
    twice(table, faults, keys, "kode" if table.has("kode") else "village", same=lambda _first, _second: False)
    bad = faults.rows
    # A village of which one sex is faulty is left out whole: half of its people would be taken for all.
    halved = {key[:2] for number, key in keys.items() if number in bad}
    halved |= {(kode, years[number]) for number, kode in matches.kode.items() if number in bad and number in years}
    halved |= {key[:2] for key in keys.values() if key[0] in _undated(matches, years, bad)}
    counted = _without_parts(keys, persons, table, faults)
    bad = faults.rows
    sound = [number for number, key in keys.items() if number not in bad and key[:2] not in halved]
    taken = [number for number in sound if number in counted]
    rows = pd.DataFrame(
        [(matches.kode[number], years[number], int(persons[number])) for number in taken],
        columns=["kode", "year", "persons"],
    )
    good = rows.groupby(["kode", "year"], as_index=False)["persons"].sum()
    good = good.assign(source=asked.source or name, origin=OFFICE)[_COLUMNS]
    told = [Message.of("imports.half_read", rows=", ".join(map(str, sorted(earlier))))] if earlier else []
    read = ReadTable(table, faults, matches, told)
    return previewed("population", read, good, taken=len(sound) + len(earlier - faults.rows))


_WHOLE_SEX = "all"
_SEXES = (
    dict.fromkeys(MALE, "male")
    | dict.fromkeys(FEMALE, "female")
    | dict.fromkeys(("jumlah", "total", "semua", "l + p", "l dan p", *SEX_BOTH), _WHOLE_SEX)
)


def _sex(row: Row, table: Table, faults: Faults) -> str:
    """Read which sex a row counts, all where it does not say; a word that is not known is no sex."""
    text = row.text("sex")
    found = _WHOLE_SEX if is_unknown(text) else _SEXES.get(text.casefold(), "")
    if not found:
        problem, remedy = Message.of("imports.sex"), Message.of("imports.fix_sex")
        faults.add(row.number, table.header("sex"), text, problem, remedy)
    return found


_HALVES = {"1": 1, "i": 1, "2": 2, "ii": 2}


def _earlier(dated: Mapping[int, tuple[str, int]], table: Table, faults: Faults) -> set[int]:
    """Give the rows of a first half-year whose village has a figure of the second half of the same year."""
    halves: dict[int, int] = {}
    for row in table.rows:
        text = row.text("half")
        words = [word for word in text.casefold().split() if word not in ("semester", "smt", "sem")]
        if is_unknown(text) or row.number not in dated:
            continue
        if len(words) == 1 and words[0] in _HALVES:
            halves[row.number] = _HALVES[words[0]]
        else:
            problem, remedy = Message.of("imports.half"), Message.of("imports.fix_half")
            faults.add(row.number, table.header("half"), text, problem, remedy)
    latest: dict[tuple[str, int], int] = {}
    for number, half in halves.items():
        latest[dated[number]] = max(half, latest.get(dated[number], 0))
    return {number for number, half in halves.items() if half < latest[dated[number]]}


def _undated(matches: areas.Matches, years: Mapping[int, int], bad: frozenset[int]) -> set[str]:
    """Give the villages of faulty rows whose year is not known: any year of theirs may lack a part."""
    return {kode for number, kode in matches.kode.items() if number in bad and number not in years}


def _without_parts(
    keys: Mapping[int, Key], persons: Mapping[int, float], table: Table, faults: Faults
) -> dict[int, Key]:
    """Leave out the rows by sex of a village that also has a row for all: they would be counted twice."""
    whole = {key[:2]: number for number, key in keys.items() if key[2] == _WHOLE_SEX}
    parts: dict[tuple[str, int], float] = {}
    sexes: dict[tuple[str, int], set[str]] = {}
    for number, key in keys.items():
        if key[2] in ("male", "female"):
            parts[key[:2]] = parts.get(key[:2], 0.0) + persons[number]
            sexes.setdefault(key[:2], set()).add(key[2])
    for place, number in whole.items():
        if len(sexes.get(place, ())) == len(("male", "female")) and parts[place] != persons[number]:
            _differs(table, number, faults, parts[place])
    return {number: key for number, key in keys.items() if whole.get(key[:2], number) == number}


def _differs(table: Table, number: int, faults: Faults, parts: float) -> None:
    row = table.by_number[number]
    problem = Message.of("imports.sexes_differ", total=parts)
    faults.add(number, table.header("persons"), row.text("persons"), problem, Message.of("imports.fix_sexes_differ"))


def _persons(table: Table, faults: Faults, asked: Asked) -> dict[int, float]:
    """Read the persons of each row: as a whole, else of both sexes; where a row has all three they must agree."""
    read = {
        column: read_numbers(table, column, faults, asked.ways, COUNT) if column in table.headers else {}
        for column in ("persons", "male", "female")
    }
    whole, male, female = read.values()
    if "persons" not in table.headers and "female" not in table.headers:
        known = {"missing": "perempuan", "known": ", ".join(names[0] for names in POPULATION.reading.aliases.values())}
        raise InputError(Message.of("tables.columns_missing", file=table.file, **known))
    if whole:
        check_total(table, "persons", whole, faults, total_reader(asked.ways))
    persons = dict(whole)
    bad = faults.rows
    for row in table.rows:
        number = row.number
        both = male[number] + female[number] if number in male and number in female else None
        if both is not None and persons.setdefault(number, both) != both:
            _differs(table, number, faults, both)
        elif number not in persons and (number in male) != (number in female) and number not in bad:
            column = "female" if number in male else "male"
            problem, remedy = Message.of("imports.not_filled"), Message.of("imports.fix_one_sex")
            faults.add(number, table.header(column), row.text(column), problem, remedy)
    return persons


def store(preview: Preview, workspace: Workspace) -> None:
    """Write the good rows; figures of the same village and year are replaced."""
    workspace.upsert(LAYER, preview.good, ["kode", "year"])
