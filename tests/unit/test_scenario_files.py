"""A scenario file that cannot be used is told with key, value and remedy; all faults at once."""

import pytest

from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.scenarios.stored_scenarios import held_names, held_scenario, remove_scenario, store_scenario
from coverage.answers.scenarios.toml_file import scenario_from_toml, scenario_toml
from coverage.ground.errors import InputError
from coverage.places.workspace import Workspace

WHOLE = 'name = "a"\nregion = "74"\n'


def refused(text):
    with pytest.raises(InputError) as told:
        scenario_from_toml(text.encode(), "uji.toml")
    return told.value.text("en")


def test_name_and_region_are_enough():
    assert scenario_from_toml(WHOLE.encode(), "uji.toml") == Scenario("a", "74")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (WHOLE + "regoin = 1", 'The key "regoin" is not known'),
        (WHOLE + "[units]\nmoved = []", 'The key "units.moved" is not known'),
        (WHOLE + "[siting]\nn = 3", 'The key "siting.n" is not known'),
        ('name = "a"', 'The key "region" is missing'),
        ('region = "74"', 'The key "name" is missing'),
        ('name = "a"\nregion = 74', 'Key "region": the value 74 does not fit. Expected: text'),
        (WHOLE + 'cutoff_min = "60"', 'Key "cutoff_min": the value 60 does not fit. Expected: a number'),
        (WHOLE + "cutoff_min = true", 'Key "cutoff_min": the value True does not fit'),
        (WHOLE + f"cutoff_min = {10**400}", 'Key "cutoff_min": the value 1'),
        (WHOLE + "cutoff_min = nan", 'Key "cutoff_min": '),
        (WHOLE + "cutoff_min = 2024-01-01", 'Key "cutoff_min": the value 2024-01-01 does not fit'),
        (WHOLE + "weights = [0.5, 1.0]", 'Key "weights": '),
        (WHOLE + "weights = []", 'Key "weights": '),
        (WHOLE + "travel = 3", 'Key "travel": the value 3 does not fit. Expected: a table'),
        (
            WHOLE + '[travel]\nseason = "panas"',
            'Key "travel.season": the value "panas" is not known. Choose from: biasa',
        ),
        (WHOLE + "[travel]\nvehicles_only = 1", "Expected: true or false"),
        (WHOLE + '[units]\nadd = "Wanci"', 'Key "units.add": the value Wanci does not fit. Expected: a list of texts'),
        (WHOLE + '[units]\nadd = ["73.01.01.1001"]', 'Key "units.add": '),
        (WHOLE + '[units.move]\nklinik = "Entah"', 'Key "units.move": '),
        (WHOLE + "[speeds]\nbecak = 9", 'Key "speeds": '),
        (WHOLE + '[speeds]\n"ferry.km_per_h" = 900', 'Key "speeds": '),
        (WHOLE + "[siting]\nnumber = 2.5", 'Key "siting.number": the value 2.5 does not fit. Expected: a whole number'),
        (WHOLE + '[siting]\nmodel = "tebak"', 'Key "siting.model": the value "tebak" is not known'),
        (WHOLE + "[siting]\nnumber = 0", 'Key "siting": '),
        (WHOLE + '[siting]\nlock = ["Entah"]', 'Key "siting.lock": '),
        (WHOLE + "[siting]\nbudget = 5e8", 'Key "siting": There is a budget but no cost of a unit.'),
        (WHOLE + "[siting]\nbudget = 0\ncost = 1", 'Key "siting": The budget 0 cannot be used.'),
        (WHOLE + "[siting]\ncost = nan", 'Key "siting": The cost '),
        (WHOLE + "[siting.costs]\nMandonga = -1", 'Key "siting": The cost -1 of Mandonga'),
        (WHOLE + '[siting.costs]\nMandonga = "3"', 'Key "siting.costs.Mandonga": the value 3 does not fit.'),
        (WHOLE + "[siting.costs]\nEntah = 3", 'Key "siting.costs": '),
        (
            WHOLE + '[siting.costs]\n"74.71.01.1005" = 3\n"Mandonga" = 4',
            'Key "siting.costs": 74.71.01.1005 has two different costs.',
        ),
        ('name = ""\nregion = "74"', 'Key "name": '),
        ('name = "a\\nb"\nregion = "74"', 'Key "name": '),
        ('name = "a"\nregion = "Atlantis"', 'Key "region": '),
        ("name = ", "is not TOML"),
        ("x" * 300_000, "too large"),
    ],
)
def test_a_fault_names_its_key_and_a_remedy(text, says):
    told = refused(text)
    assert says in told
    assert "uji.toml" in told
    assert told.endswith(".")


def test_all_faults_are_told_at_once():
    told = refused('name = 1\ncolour = 2\n[travel]\nseason = "x"\n[units]\nadd = [1]')
    assert all(key in told for key in ("name", "colour", "travel.season", "units.add", "region"))


def test_bytes_that_are_no_text_are_told():
    with pytest.raises(InputError, match="TOML"):
        scenario_from_toml(b"\xff\xfe\x00", "uji.toml")


def test_names_become_codes_and_the_order_of_villages_does_not_matter():
    one = scenario_from_toml(b'name="a"\nregion="Wakatobi"\n[units]\nadd=["Wanci", "74.07.01.1002"]', "uji.toml")
    two = scenario_from_toml(b'region="74.07"\nname="a"\n[units]\nadd=["74.07.01.1002", "74.07.01.1003"]', "b.toml")
    assert one == two
    assert scenario_toml(one) == scenario_toml(two)


def test_speeds_may_stand_in_a_table_of_their_part():
    nested = scenario_from_toml(f"{WHOLE}[speeds.ferry]\nkm_per_h = 20".encode(), "uji.toml")
    assert nested.speeds == (("ferry.km_per_h", 20.0),)


def test_costs_are_kept_by_kode_and_a_budget_leaves_the_number_open():
    text = WHOLE + "[siting]\nbudget = 5e8\ncost = 8e7\n[siting.costs]\nMandonga = 6e7\n"
    siting = scenario_from_toml(text.encode(), "uji.toml").siting
    assert siting.costs == (("74.71.01.1005", 6e7),)
    assert (siting.number, siting.budget, siting.cost) == (None, 5e8, 8e7)


def test_a_workspace_keeps_scenarios_by_name(tmp_path):
    door = Workspace.open(tmp_path / "kerja.gpkg")
    assert held_names(door) == ()
    first = scenario_from_toml(WHOLE.encode(), "uji.toml")
    second = scenario_from_toml(b'name = "b"\nregion = "74.07"', "uji.toml")
    for one in (second, first, second):
        store_scenario(door, one)
    assert held_names(door) == ("a", "b")
    assert held_scenario(door, "b") == second
    remove_scenario(door, "a")
    assert held_names(door) == ("b",)
    for ask in (held_scenario, remove_scenario):
        with pytest.raises(InputError, match=r"b\."):
            ask(door, "a")


HEAD = 'name = "a"\nregion = "74.71"\n'


@pytest.mark.parametrize(
    ("more", "row"),
    [
        ("cutoff_min = " + "9" * 5000, 3),
        ("cutoff_min = 0x" + "f" * 100_000, 3),
        (".".join(["a"] * 3000) + " = 1", 3),
        ("[" + ".".join(["a"] * 3000) + "]", 3),
        ("\n" + ".".join(['"a"'] * 3000) + " = 1", 4),
        ("x = " + "[" * 3000 + "]" * 3000, 3),
        ("x = {" + ".".join(["a"] * 200) + " = 1}", 3),
        ('note = """\n\n"""\nx = ' + "{a=" * 500 + "1" + "}" * 500, 6),
    ],
    ids=["digits", "hex", "key", "table", "quoted", "brackets", "inline", "after a text"],
)
def test_what_no_scenario_needs_is_refused_by_its_line(more, row):
    with pytest.raises(InputError) as caught:
        scenario_from_toml((HEAD + more + "\n").encode(), "s.toml")
    assert f"baris {row}:" in str(caught.value)


def test_a_text_may_hold_what_would_be_too_deep_outside_of_it():
    note = "[" * 40 + "1" * 90 + "." * 20
    assert scenario_from_toml(f"{HEAD}note = '''{note}'''  # {note}\n".encode(), "s.toml").note == note
