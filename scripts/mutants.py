"""Prove that the tests notice: plant one named fault after the other in a copy of the sources, and let its tests run.

``python scripts/mutants.py`` tries all, ``python scripts/mutants.py NAME ...`` some, ``--list`` names them. Each fault
is planted in a temporary copy, never in the working tree. First the tests run without any fault, so that none is called
killed that fails anyway. The exit code is 1 where a fault survives, is not found exactly once in its file, or where its
tests do not run.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "*.egg-info", "build", "dist")
_TESTS_FAILED = 1


@dataclass(frozen=True)
class Mutant:
    """A fault that the tests must notice.

    ``name``: what it is called by. ``file``: below the root of the repository. ``old``: stands exactly once in it;
    ``new`` takes its place. ``tests``: what must fail then, as pytest names it.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def planted(self, text: str) -> str:
        """Give the text of the file with the fault.

        Raises
        ------
        ValueError
            If the old text does not stand exactly once in it.
        """
        found = text.count(self.old)
        if found != 1:
            raise ValueError(f"{self.name}: the old text stands {found} times in {self.file}, not once")
        return text.replace(self.old, self.new)


_REACH = "coverage/travel/reach.py"
_PROPOSE = "coverage/answers/siting/propose.py"
_POSING = "coverage/answers/siting/posing.py"
_ROBUSTNESS = "coverage/answers/siting/robustness.py"
_DISCLOSURE = "coverage/places/disclosure.py"
_OF_REACH = "tests/unit/test_reach.py::"
_OF_DISCLOSURE = "tests/unit/test_disclosure.py::"
_OF_PROPOSALS = "tests/property/test_proposals.py::"

MUTANTS = (
    Mutant(
        "cutoff-exclusive",
        _REACH,
        "return minutes <= min(cutoff_min, sys.float_info.max)",
        "return minutes < min(cutoff_min, sys.float_info.max)",
        (_OF_REACH + "test_the_cutoff_itself_is_within_and_the_next_number_is_not",),
    ),
    Mutant(
        "cut-off-is-within",
        _REACH,
        "return minutes <= min(cutoff_min, sys.float_info.max)",
        "return minutes <= cutoff_min",
        (_OF_REACH + "test_who_is_not_connected_is_within_no_cutoff",),
    ),
    Mutant(
        "cut-off-is-beyond",
        _REACH,
        "np.isfinite(minutes), STATES[1], STATES[2]",
        "np.isfinite(minutes), STATES[1], STATES[1]",
        ("tests/property/test_gaps.py::test_states_follow_from_minutes_and_nothing_else",),
    ),
    Mutant(
        "classes-shifted",
        _REACH,
        'side="left"',
        'side="right"',
        (_OF_REACH + "test_classes_are_what_within_says_of_each_end",),
    ),
    Mutant(
        "map-class-shifted",
        "coverage/faces/maps/map_legend.py",
        '("upto_60", 60.0,',
        '("upto_60", 61.0,',
        (_OF_REACH + "test_all_that_asks_agrees_at_its_edges",),
    ),
    Mutant(
        "sites-of-another-cutoff",
        _PROPOSE,
        "newly = ~within(before, cutoff_min) & within(minutes, cutoff_min) & (near >= 0)",
        "newly = ~within(before, 60.0) & within(minutes, 60.0) & (near >= 0)",
        (_OF_PROPOSALS + "test_villages_newly_covered_are_those_a_site_brings_within_the_cutoff",),
    ),
    Mutant(
        "capacity-of-another-cutoff",
        _POSING,
        "~within(problem.existing_min, question.cutoff_min)",
        "~within(problem.existing_min, 60.0)",
        (_OF_PROPOSALS + "test_a_capacity_that_is_not_given_is_what_waits_beyond_the_cutoff_shared_out",),
    ),
    Mutant(
        "spare-of-another-cutoff",
        "coverage/answers/siting/models/mclp.py",
        "within(problem.after_min(chosen), cutoff_min)",
        "within(problem.after_min(chosen), 60.0)",
        (_OF_PROPOSALS + "test_a_site_is_spare_exactly_where_as_many_are_covered_without_it",),
    ),
    Mutant(
        "ferries-that-matter-of-another-cutoff",
        _ROBUSTNESS,
        "in_minutes else proposal.question.cutoff_min)",
        "in_minutes else 60.0)",
        ("tests/property/test_robustness.py::test_a_ferry_out_is_the_region_without_it[mclp]",),
    ),
    Mutant(
        "units-that-cover-of-another-cutoff",
        _ROBUSTNESS,
        "column[within(minutes, proposal.question.cutoff_min)]",
        "column[within(minutes, 60.0)]",
        (_OF_PROPOSALS + "test_a_unit_is_closed_where_it_covers_somebody_and_not_where_it_covers_nobody",),
    ),
    Mutant(
        "covered-already-counts-as-new",
        "coverage/answers/siting/measures.py",
        "~within(problem.existing_min, cutoff_min) & within(problem.after_min(sites), cutoff_min)",
        "within(problem.after_min(sites), cutoff_min)",
        (_OF_PROPOSALS + "test_villages_newly_covered_are_those_a_site_brings_within_the_cutoff",),
    ),
    Mutant(
        "secondary-goal-first",
        "coverage/answers/siting/goal.py",
        "for mine, its in zip(one, other, strict=True):",
        "for mine, its in zip(one[::-1], other[::-1], strict=True):",
        ("tests/unit/test_siting_goal.py::test_the_first_level_that_differs_decides_alone",),
    ),
    Mutant(
        "better-set-found-later-stays-last",
        "coverage/answers/siting/alternatives.py",
        "ordered.insert(next(ahead, len(ordered)), result)",
        "ordered.append(result)",
        ("tests/unit/test_siting_goal.py",),
    ),
    Mutant(
        "people-of-a-covered-village-ignored",
        "coverage/answers/siting/cover.py",
        "np.bincount(merged.ravel(), weights, len(first))",
        "np.bincount(merged.ravel(), None, len(first))",
        ("tests/golden/test_siting.py::test_maximal_covering_of_san_francisco_covers_875247",),
    ),
    Mutant(
        "population-weights-ignored",
        _POSING,
        "return people.fillna(0.0).to_numpy(np.float64)",
        "return people.notna().to_numpy(np.float64)",
        (_OF_PROPOSALS + "test_villages_newly_covered_are_those_a_site_brings_within_the_cutoff",),
    ),
    Mutant(
        "sums-of-what-is-not-shown",
        "coverage/places/population.py",
        "ascending=False) <= left",
        "ascending=False) < left",
        ("coverage/places/population.py",),
    ),
    Mutant(
        "covered-people-of-all-states",
        "coverage/answers/gaps.py",
        '"population_covered": persons(known & (state == STATES[0])),',
        '"population_covered": persons(known),',
        ("tests/property/test_sums.py::test_villages_kecamatan_and_kabupaten_add_up_to_the_region[74.02]",),
    ),
    Mutant(
        "ferry-wait-left-out",
        "coverage/travel/network/ferry_legs.py",
        '"minutes": sailing.to_numpy() + wait,',
        '"minutes": sailing.to_numpy(),',
        ("tests/property/test_ferries.py::test_sailing_is_the_middle_of_its_range_and_the_leg_adds_the_wait",),
    ),
    Mutant(
        "clients-cut-not-rounded",
        _DISCLOSURE,
        "ROUND_TO * ((total + ROUND_TO // 2) // ROUND_TO)",
        "ROUND_TO * (total // ROUND_TO)",
        (_OF_DISCLOSURE + "test_released_counts_are_multiples_of_five_near_the_truth",),
    ),
    Mutant(
        "released-without-room-for-the-step",
        _DISCLOSURE,
        "return k + MOST_NOISE",
        "return k",
        (_OF_DISCLOSURE + "test_the_promise_in_the_documents_is_what_is_done",),
    ),
    Mutant(
        "k-smaller-than-promised",
        _DISCLOSURE,
        "DEFAULT_K = 8",
        "DEFAULT_K = 7",
        (_OF_DISCLOSURE + "test_the_promise_in_the_documents_is_what_is_done",),
    ),
    Mutant(
        "k-below-five-accepted",
        _DISCLOSURE,
        "if k < LEAST_K:",
        "if k < LEAST_K - 1:",
        (_OF_DISCLOSURE + "test_a_limit_below_five_is_refused",),
    ),
    Mutant(
        "remainder-tells-of-a-part",
        _DISCLOSURE,
        '(level == "village" or not tells_of_a_part(blurred, still_open, k))',
        '(level == "village" or not tells_of_a_part(blurred, still_open + 1, k))',
        ("tests/privacy/test_remainders.py::test_every_part_of_every_remainder_may_be_empty[villages0-16]",),
    ),
    Mutant(
        "one-release-too-many",
        "coverage/places/releases.py",
        "if used(rows, span) >= MOST:",
        "if used(rows, span) > MOST:",
        ("tests/unit/test_client_versions.py::test_a_time_is_released_no_more_often_than_the_bound_allows",),
    ),
    Mutant(
        "dry-run-writes",
        "coverage/faces/cli/import_command.py",
        "done = accepted and not asked.dry_run and",
        "done = accepted and",
        ("tests/e2e/test_import_cli.py::test_a_dry_run_writes_nothing",),
    ),
    Mutant(
        "dry-run-writes-boundaries",
        "coverage/faces/cli/boundary_commands.py",
        "done = matched and not given.dry_run and",
        "done = matched and",
        ("tests/e2e/test_every_flag.py::test_a_dry_run_changes_no_byte_of_the_workspace[boundaries]",),
    ),
    Mutant(
        "percent-rounded-up",
        "coverage/ground/quantities.py",
        "return math.floor(Fraction(",
        "return round(Fraction(",
        ("coverage/ground/quantities.py",),
    ),
    Mutant(
        "minutes-cut-not-rounded",
        "coverage/ground/quantities.py",
        "total = round(minutes)",
        "total = int(minutes)",
        ("tests/unit/test_quantities.py::test_minutes_and_hours_add_up_to_the_rounded_minutes",),
    ),
    Mutant(
        "tier-of-a-tenth",
        "coverage/places/boundaries/placement.py",
        "len(drawn) >= WHOLE_SHARE * len(boundary_tier)",
        "len(drawn) >= (1 - WHOLE_SHARE) * len(boundary_tier)",
        ("tests/unit/boundaries/test_placement.py::test_a_region_is_called_by_the_tier_of_nearly_all_its_villages",),
    ),
    Mutant(
        "tier-word-of-another",
        "coverage/faces/maps/map_legend.py",
        '"resmi": "maps.tier_official"',
        '"resmi": "maps.tier_real"',
        ("tests/unit/test_maps.py::test_the_caption_names_both_tiers_by_their_own_words",),
    ),
    Mutant(
        "metres-for-kilometres",
        "coverage/ground/geometry.py",
        "GEOD.inv(lon1, lat1, lon2, lat2)[2], dtype=float) / 1000",
        "GEOD.inv(lon1, lat1, lon2, lat2)[2], dtype=float)",
        ("coverage/ground/geometry.py",),
    ),
    Mutant(
        "metres-to-the-road-for-kilometres",
        "coverage/travel/network/snapping.py",
        "near = metres <= limit_km * _M_PER_KM",
        "near = metres <= limit_km",
        ("tests/oracle/test_snapping.py::test_a_place_joins_the_nearest_road_of_a_large_part_within_reach",),
    ),
    Mutant(
        "latitude-for-longitude",
        "coverage/travel/catchment.py",
        "shapely.points(villages.lon[reached], villages.lat[reached])",
        "shapely.points(villages.lat[reached], villages.lon[reached])",
        ("tests/property/test_catchment.py::test_a_village_off_the_drawn_land_is_reached_all_the_same",),
    ),
)


def unmutated(root: Path, mutants: tuple[Mutant, ...]) -> list[str]:
    """List the mutants whose old text does not stand exactly once in its file."""
    faults = []
    for mutant in mutants:
        try:
            mutant.planted((root / mutant.file).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            faults.append(str(error))
    return faults


def pytest_in(folder: Path, tests: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run tests of a copy against its own sources."""
    # Without bytecode: a fault of the same length, planted within a second, would be passed over.
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    # The profile is that of tests/conftest.py; doctests of the sources know none.
    profile = ["--hypothesis-profile=unshrunk"] if any(test.startswith("tests/") for test in tests) else []
    line = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *profile, *tests]
    return subprocess.run(line, cwd=folder, env=env, capture_output=True, text=True, check=False)


def tried(folder: Path, mutant: Mutant) -> str:
    """Plant a fault in the copy, run its tests and take it out again; say what came of it."""
    path = folder / mutant.file
    sound = path.read_text(encoding="utf-8")
    path.write_text(mutant.planted(sound), encoding="utf-8")
    try:
        code = pytest_in(folder, mutant.tests).returncode
    finally:
        path.write_text(sound, encoding="utf-8")
    return {0: "SURVIVED", _TESTS_FAILED: "killed"}.get(code, f"NOT RUN (pytest ended with {code})")


def run(mutants: tuple[Mutant, ...]) -> int:
    """Try mutants, print what came of each, and give the exit code."""
    faults = unmutated(ROOT, mutants)
    if faults:
        print("\n".join(faults))
        return 1
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "copy"
        shutil.copytree(ROOT, folder, ignore=_LEFT_OUT)
        clean = pytest_in(folder, tuple(dict.fromkeys(test for mutant in mutants for test in mutant.tests)))
        if clean.returncode:
            print(clean.stdout, clean.stderr, "Without any fault the tests must pass.", sep="\n")
            return 1
        lived = 0
        for mutant in mutants:
            start = time.perf_counter()
            came = tried(folder, mutant)
            lived += came != "killed"
            print(f"{came:10} {time.perf_counter() - start:5.1f} s  {mutant.name}", flush=True)
    print(f"{len(mutants) - lived} of {len(mutants)} killed")
    return 1 if lived else 0


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="try only these")
    parser.add_argument("--list", action="store_true", help="name the mutants and their files, and end")
    given = parser.parse_args()
    unknown = sorted(set(given.names) - {mutant.name for mutant in MUTANTS})
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; --list names them")
    mutants = tuple(mutant for mutant in MUTANTS if not given.names or mutant.name in given.names)
    if given.list:
        print("\n".join(f"{mutant.name:40} {mutant.file}" for mutant in mutants))
        return 0
    return run(mutants)


if __name__ == "__main__":
    sys.exit(main())
