"""Which village a row means: by its code or, inside the parent area, by its name; per file, never guessed.

A code shorter than a village's is that of a total. A code and a name that contradict each other are a fault. A name is
taken only inside what the row's code, its kecamatan and kab/kota, and the region asked for say; a name alone is only
likely. Ten digits without dots are held, for the whole file, against the villages of Kemendagri and the names beside
them; codes of BPS are never taken for a village: their rows are found by the names of kab/kota, kecamatan and desa.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import islice

from coverage.ground import codes
from coverage.ground.texts import Message, listed
from coverage.places.tables.area_checks import Conflict, borne_by_file, conflict, shifted_by, system_of
from coverage.places.tables.area_codes import SYSTEMS, Said, System, bare_code, is_bps, lost, needs_system, said_by
from coverage.places.tables.area_names import Names, index, is_listed, names_of, place_of, says_area
from coverage.places.tables.faults import LOOKALIKE, CellAt, Faults, some
from coverage.places.tables.headers import Row, Table
from coverage.places.tables.place_headers import ALIASES
from coverage.places.villages import says_village

__all__ = ["ALIASES", "SYSTEMS", "Matches", "Sought", "System", "Unsure", "bare_code", "find_villages"]

Near = Callable[[int, Sequence[int]], list[int] | None]
_SEVERAL = 5
_LIKELY = 3
_FIX_LIKELY = "tables.fix_name_likely"
_DECLARED = "kemendagri"
_MOST_SOUGHT = 3_000
"""Different names that are not found for which similar ones are sought: where there are more, no spelling is at fault,
but which column was read, or which region was asked for."""


@dataclass(frozen=True)
class Unsure:
    """A row whose village is only likely: shown for a decision, not taken."""

    row: int
    value: str
    kode: str


@dataclass(frozen=True)
class Matches:
    """Which village each row means.

    ``kode`` per row number; how many were found by code and by name; ``detected`` what was found out about the file.
    """

    kode: Mapping[int, str]
    by_code: int
    by_name: int
    unsure: tuple[Unsure, ...]
    unmatched: int
    detected: tuple[Message, ...]


@dataclass(frozen=True)
class Sought:
    """How the villages of a table are looked for.

    Attributes
    ----------
    region
        Area that all rows lie in; a name is looked for inside it.
    system
        What the user says the codes are.
    optional
        Whether a row may name no village at all.
    hint
        Whether the region only helps to tell names apart: then no row is left out because it lies elsewhere, and none
        that is sure without the region is read otherwise with it.
    near
        Which of some villages, by position in the list, lie near the own point of a row, None where it has no point: a
        point bears a name out.
    agreed
        Whether codes are known to agree with names, as in a shipped file: to compare them, the names of all villages of
        the country would be put in order first.
    """

    region: str = codes.COUNTRY
    system: System | None = None
    optional: bool = False
    hint: bool = False
    near: Near | None = None
    agreed: bool = False

    @property
    def held_to(self) -> str:
        """Area that a row must lie in."""
        return codes.COUNTRY if self.hint else self.region


def find_villages(table: Table, faults: Faults, sought: Sought | None = None) -> Matches:
    """Find the village of each row by code or name.

    Parameters
    ----------
    table
        With the columns of :data:`ALIASES`, or some of them.
    faults
        Rows without a village are added here, and the question which system's codes the file has.
    sought
        How they are looked for.
    """
    sought = sought or Sought()
    bare = {row.number: bare_code(row.cell("kode")) for row in table.rows}
    undotted = [row for row in table.rows if needs_system(bare[row.number])]
    told: list[Message] = []
    found_system = sought.system
    waiting: set[int] = set()
    if undotted and found_system is None:
        found_system = system_of(undotted, bare, sought.held_to, told)
        if found_system is None:
            row = undotted[0]
            problem, remedy = Message.of("tables.codes_unclear"), Message.of("tables.fix_codes_unclear")
            faults.add(row.number, table.header("kode"), row.text("kode"), problem, remedy, asks=True)
            waiting = {row.number for row in undotted}
    search = _Search(table, faults, replace(sought, system=found_system))
    for row in table.rows:
        if row.number in waiting or (sought.optional and not row.text("kode") and not row.text("village")):
            continue
        search.look_up(row, said_by(bare[row.number], found_system))
    search.settle_codes(told)
    return Matches(
        dict(sorted(search.kode.items())),
        search.by_code,
        search.by_name,
        tuple(search.unsure),
        search.unmatched - len(search.unsure),
        tuple(told),
    )


class _Search:
    """The villages found so far in one file."""

    def __init__(self, table: Table, faults: Faults, how: Sought) -> None:
        """Start with nothing found; ``region``: what all rows lie in, ``likely_region``: where unsure names are."""
        self.table, self.faults, self.system, self.near = table, faults, how.system, how.near
        self.region, self.likely_region = how.held_to, how.region
        self.agreed = how.agreed
        self.kode: dict[int, str] = {}
        self.coded: dict[int, str] = {}
        self.against: dict[int, Conflict] = {}
        self.by_name = self.unmatched = 0
        self.unsure: list[Unsure] = []
        self.astray: list[int] = []
        self.sought: dict[tuple[str, object], int] = {}
        self.unsought: list[int] = []
        self.above = table.rows_as_above

    @property
    def by_code(self) -> int:
        """How many rows were found by their code."""
        return sum(1 for number in self.coded if number in self.kode)

    def look_up(self, row: Row, said: Said) -> None:
        """Find one row's village, or tell why not; what codes say is settled once all rows are read."""
        if said.kode and not codes.contains(self.region, said.kode):
            problem = Message.of("tables.outside_region", region=self.region)
            self._wrong(row, "kode", problem, "tables.fix_outside_region")
        elif said.kode:
            self.coded[row.number] = said.kode
            names = names_of(row, Said(""), self.region, above=self.above)
            found = None if self.agreed else conflict(said.kode, names)
            if found is not None:
                self.against[row.number] = found
        elif said.of_an_area and not lost(said.text):
            self._wrong(row, "kode", Message.of(f"tables.code_of_{said.level}"), "tables.fix_code_of_area")
        elif row.text("village") and not said.of_an_area:
            self._of_name(row, self._names(row, said), said)
        elif not said.text:
            self._wrong(row, "kode", Message.of("tables.no_village"), "tables.fix_no_village")
        else:
            self._wrong_code(row, said.text)

    def _names(self, row: Row, said: Said) -> Names:
        """Read the names of a row inside all that is sure, and where that is not enough inside the likely region."""
        names = names_of(row, said, self.region, above=self.above)
        if self.likely_region == self.region or (len(names.fitting()) == 1 and _is_sure(said, names)):
            return names
        return names_of(row, said, self.likely_region, above=self.above)

    def settle_codes(self, told: list[Message]) -> None:
        """Take the rows whose codes and names agree; tell the contradiction of the others and of shifted stretches."""
        self._settle_declared(told)
        if self.unsought:
            values = {"column": self.table.header("village"), "first": str(min(self.unsought))}
            told.append(Message.of("tables.detected_unsought", most=_MOST_SOUGHT, rows=len(self.unsought), **values))
        if self.astray:
            told.append(Message.of("tables.detected_code_astray", rows=some(list(map(str, self.astray)))))
        order = [row.number for row in self.table.rows]
        steps, stretch = shifted_by(order, self.coded, self.against)
        if steps:
            key = "tables.detected_shift_down" if steps > 0 else "tables.detected_shift_up"
            rows = f"{min(stretch)}-{max(stretch)}"
            told.append(Message.of(key, steps=str(abs(steps)), rows=rows, count=len(stretch)))
        for row in self.table.rows:
            if row.number not in self.coded:
                continue
            if row.number in self.against or row.number in stretch:
                self._contradicts(row, shifted=row.number in stretch)
            else:
                self.kode[row.number] = self.coded[row.number]

    def _settle_declared(self, told: list[Message]) -> None:
        """Let codes stand that the file itself calls Kemendagri's, where nothing else in it speaks against them."""
        if self.faults.secret or _DECLARED not in self.table.header("kode").casefold():
            return
        alone = sorted(self.against.keys() - borne_by_file(self.coded, self.against))
        if alone:
            options = some([_spelled(kode) for kode in dict.fromkeys(self.coded[number] for number in alone)])
            rows = some(list(map(str, alone)))
            told.append(Message.of("tables.detected_code_over_name", rows=rows, options=options))
        for number in alone:
            del self.against[number]

    def _contradicts(self, row: Row, *, shifted: bool) -> None:
        found = self.against.get(row.number)
        remedy = "tables.fix_code_shifted" if shifted else "tables.fix_code_contradicts"
        if found is None:
            self._wrong(row, "kode", Message.of("tables.code_among_shifted"), remedy)
            return
        values = {"code": row.text("kode"), "listed": _with_district(self.coded[row.number])}
        key = "tables.code_contradicts"
        if len(found.named) == 1:
            key, values = "tables.code_contradicts_named", {**values, "named": _spelled(found.named[0])}
        told = names_of(row, Said(""), self.region).told()
        self._wrong(row, found.column, Message.of(key, **values), remedy, told)

    def _of_name(self, row: Row, names: Names, said: Said) -> None:
        exact = names.fitting()
        close = self.near(row.number, exact) if self.near is not None else None
        exact = close or exact
        if len(exact) == 1:
            self._of_one(row, names, said, exact[0], borne_out=bool(close))
        elif len(exact) > 1:
            several = listed([_spelled(index().kode[at]) for at in exact], _SEVERAL, between="; ")
            problem = Message.of("tables.name_ambiguous", options=several)
            self._wrong(row, "village", problem, "tables.fix_name_ambiguous", names.told())
        elif says_area(names.village) or (not _of_a_village(said, names) and names.is_an_area()):
            self._wrong(row, "village", Message.of("tables.name_of_area"), "tables.fix_name_of_area", names.told())
        else:
            self._of_likely(row, names, said)

    def _of_one(self, row: Row, names: Names, said: Said, at: int, *, borne_out: bool) -> None:
        """Take the one village that fits, if more than its name speaks for it."""
        if not (names.narrow or borne_out):
            self._offer(row, [at], "tables.name_alone", "tables.fix_name_alone", names.told())
        elif _may_be_a_total(said, names):
            self._offer(row, [at], "tables.name_of_both", "tables.fix_name_of_both", names.told())
        else:
            self.kode[row.number] = index().kode[at]
            self.by_name += 1
            if said.text and not self._of_bps(said.text):
                self.astray.append(row.number)

    def _of_likely(self, row: Row, names: Names, said: Said) -> None:
        """Offer villages of that name under other parents, else those with a similar name in the stated parents."""
        if self._is_beyond(names):
            elsewhere = likely = names.elsewhere()
            if not likely:
                self.unsought.append(row.number)
        else:
            names, elsewhere, likely = self._sought(row, names, said)
        if not likely:
            self._wrong(row, "village", _UNKNOWN, "tables.fix_name_unknown", names.told())
            return
        if elsewhere or len(likely) > 1 or not (_of_a_village(said, names) or names.own_district):
            self._offer(row, likely, "tables.name_likely", _FIX_LIKELY, names.told())
        else:
            self._of_lookalike(row, names, likely[0])

    def _sought(self, row: Row, names: Names, said: Said) -> tuple[Names, list[int], list[int]]:
        """Give the names as they were read, villages of that name elsewhere, and those that are likely.

        A region that only helps to tell names apart takes no village from a row that has one without it.
        """
        if self.likely_region != self.region:
            wide = names_of(row, said, self.region, above=self.above)
            alone = [] if wide.elsewhere() else wide.lookalikes()
            if len(alone) == 1 and (_of_a_village(said, wide) or wide.own_district):
                return wide, [], alone
        elsewhere = names.elsewhere()
        return names, elsewhere, elsewhere or names.lookalikes()

    def _is_beyond(self, names: Names) -> bool:
        """Tell whether similar names are no longer sought: after the first :data:`_MOST_SOUGHT` names not found."""
        if self.faults.secret:
            # How many are not found depends on the region, and the safe table must not: what no village bears counts.
            return not (is_listed(names.village) or names.village in self._first_unlisted)
        self.sought.setdefault((names.village, names.parents), len(self.sought))
        return self.sought[names.village, names.parents] >= _MOST_SOUGHT

    @cached_property
    def _first_unlisted(self) -> frozenset[str]:
        """The first names of the file, whatever the region, that no village of the country bears."""
        told = dict.fromkeys(row.text("village") for row in self.table.rows)
        return frozenset(islice((name for name in told if not is_listed(name)), _MOST_SOUGHT))

    def _of_lookalike(self, row: Row, names: Names, at: int) -> None:
        """Take the only village of the stated parents whose name is similar if that was asked for, else offer it."""
        told = names.told()
        problem, remedy = self._sayable(Message.of("tables.name_likely", options=_spelled_at(at)), _FIX_LIKELY)
        cell = CellAt(row.number, self.table.header("village"), told)
        if self.faults.mended_by(LOOKALIKE, cell, becomes=_spelled_at(at), problem=problem, remedy=Message.of(remedy)):
            self.kode[row.number] = index().kode[at]
            self.by_name += 1
        else:
            self._suggest(row, [at], told)
            self.unmatched += 1

    def _offer(self, row: Row, likely: Sequence[int], problem: str, remedy: str, told: str) -> None:
        options = listed([_spelled_at(at) for at in likely], _LIKELY, between="; ")
        self._suggest(row, likely, told)
        self._wrong(row, "village", Message.of(problem, options=options), remedy, told)

    def _suggest(self, row: Row, likely: Sequence[int], told: str) -> None:
        if len(likely) == 1 and not self.faults.secret:
            self.unsure.append(Unsure(row.number, told, index().kode[likely[0]]))

    def _of_bps(self, code: str) -> bool:
        """Tell whether it is a code of BPS, of which there is no list: the name decides, as it must."""
        return self.system == "bps" and (needs_system(code) or is_bps(code))

    def _wrong_code(self, row: Row, code: str) -> None:
        if lost(code):
            problem, remedy = f"tables.code_lost_{lost(code)}", "tables.fix_code_lost_zero"
        elif self._of_bps(code):
            problem, remedy = "tables.bps_without_name", "tables.fix_bps_without_name"
        elif codes.is_code(code) or codes.is_undotted(code):
            problem, remedy = "tables.code_unknown", "tables.fix_code_unknown"
        else:
            problem, remedy = "tables.code_malformed", "tables.fix_code_malformed"
        self._wrong(row, "kode", Message.of(problem), remedy)

    def _wrong(self, row: Row, column: str, problem: Message, remedy: str, told: str = "") -> None:
        self.unmatched += 1
        said, mend = self._sayable(problem, remedy)
        self.faults.add(row.number, self.table.header(column), told or row.text(column), said, _remedy(mend))

    def _sayable(self, problem: Message, remedy: str) -> tuple[Message, str]:
        """Leave out of problem and remedy what is offered instead of a client's village: it would tell of it."""
        if not (self.faults.secret and problem.values):
            return problem, remedy
        said = _UNTOLD.get(problem.key, Message.of("tables.name_unknown"))
        return said, "tables.fix_name_unknown" if problem.key in _HINTING else remedy


_UNTOLD = {
    "tables.code_contradicts": Message.of("tables.code_contradicts_untold"),
    "tables.code_contradicts_named": Message.of("tables.code_contradicts_untold"),
    "tables.name_alone": Message.of("tables.name_unsure"),
    "tables.name_of_both": Message.of("tables.name_unsure"),
}
"""What is said instead of a sentence that would tell of a client's village."""
_HINTING = ("tables.name_likely", "tables.name_ambiguous")


_UNKNOWN = Message.of("tables.name_unknown")


@cache
def _remedy(key: str) -> Message:
    """Give a remedy without values: one for all faults that it mends."""
    return Message.of(key)


def _of_a_village(said: Said, names: Names) -> bool:
    """Tell whether the row says that it is of a village, not of a total: by the length of its code or by a word."""
    return said.of_a_village or says_village(names.village)


def _may_be_a_total(said: Said, names: Names) -> bool:
    return not (_of_a_village(said, names) or names.own_district) and names.is_an_area()


def _is_sure(said: Said, names: Names) -> bool:
    """Tell whether more than its name speaks for the one village that fits."""
    return names.narrow and not _may_be_a_total(said, names)


def _spelled_at(at: int) -> str:
    return _spelled(index().kode[at])


def _spelled(kode: str) -> str:
    return f"{kode} {_with_district(kode)}"


def _with_district(kode: str) -> str:
    at = place_of()[kode]
    return f"{index().name[at]} (Kec. {index().parents[at][0]})"
