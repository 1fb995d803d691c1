"""Which role may change what, who has which, and that the workspace's door is where it is decided."""

import datetime as dt

import pandas as pd
import pytest

from coverage.faces.cli import main
from coverage.ground.errors import InputError
from coverage.places import roles
from coverage.places.importing import Asked, commit, preview
from coverage.places.people import PROXY, People, people, read_people
from coverage.places.roles import NotAllowedError, Person, Role, acting, needed_for
from coverage.places.workspace import Workspace

DAY = dt.date(2024, 10, 8)
VILLAGE = "74.71.01.1005"
SECRET = "s" * 32
SPEED = pd.DataFrame({"key": ["a"], "value": ["1"]})
FERRY = {"id": "x-y", "name": "X-Y", "from_kode": "74.07.02.1002", "to_kode": "74.07.01.1003", "sailing_min": "120"}
FILE = """
sign_in = "proxy"
[people]
"Rencana@Contoh.invalid" = "perencana"
"data@contoh.invalid" = "pengelola data"
"""


@pytest.fixture
def door(tmp_path):
    return Workspace.open(tmp_path / "kantor.gpkg")


@pytest.fixture
def server(tmp_path, monkeypatch):
    path = tmp_path / "roles.toml"
    path.write_text(FILE)
    monkeypatch.setenv("JANGKAU_ROLES", str(path))
    monkeypatch.setenv("JANGKAU_PROXY_SECRET", SECRET)
    return path


def one(role):
    return Person(f"{role.name.lower()}@contoh.invalid", role)


CHANGES = {
    "visit": (Role.PLANNER, lambda door: door.record_visit(VILLAGE, DAY)),
    "scenario": (Role.PLANNER, lambda door: door.upsert("scenarios", SPEED, ("key",))),
    "target": (Role.PLANNER, lambda door: door.upsert("targets", SPEED, ("key",))),
    "unit": (Role.MANAGER, lambda door: door.save_units(door.units().head(1))),
    "ferry": (Role.MANAGER, lambda door: door.declare_ferry(FERRY)),
    "speed": (Role.MANAGER, lambda door: door.put({"speeds": SPEED}, replacing={"key": "a"})),
    "boundaries with visits": (Role.MANAGER, lambda door: door.put({"visits": SPEED, "other": SPEED}, replacing={})),
    "clients": (Role.MANAGER, lambda door: door.rework("client_areas", (), lambda _: (SPEED, ""))),
    "visit out": (Role.MANAGER, lambda door: door.remove_visit(VILLAGE, DAY)),
    "scenario out": (Role.MANAGER, lambda door: door.put({"scenarios": SPEED.head(0)}, replacing={"key": "a"})),
    "note of an export": (Role.REVIEWER, lambda door: door.note_export(["client_areas"], 1)),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("role", Role)
def test_the_door_lets_a_role_do_what_the_table_says_and_refuses_the_rest_untouched(role, name, door, server):
    least, change = CHANGES[name]
    with acting(one(role)):
        if role >= least:
            change(door)
            assert door.contents().log[0].role == f"{roles.word(role)}: {one(role).account}"
        else:
            with pytest.raises(NotAllowedError, match="Tidak ada yang berubah"):
                change(door)
            assert not door.path.exists()


@pytest.mark.parametrize("name", CHANGES)
def test_on_a_server_nothing_changes_in_nobody_s_name(name, door, server):
    with pytest.raises(NotAllowedError, match="tidak jelas siapa"):
        CHANGES[name][1](door)
    assert not door.path.exists()


@pytest.mark.parametrize("name", CHANGES)
def test_on_one_computer_everything_is_allowed_and_nobody_is_named(name, door, monkeypatch):
    monkeypatch.delenv("JANGKAU_ROLES", raising=False)
    CHANGES[name][1](door)
    assert door.contents().log[0].role == ""


def test_backups_and_imports_are_the_manager_s(door, server, tmp_path):
    table = preview("visits", f"kode,tanggal\n{VILLAGE},2024-10-04\n".encode(), "k.csv", Asked())
    with acting(one(Role.PLANNER)):
        door.record_visit(VILLAGE, DAY)
        for change in (lambda: commit(table, door), lambda: door.backup(tmp_path / "cadangan.gpkg")):
            with pytest.raises(NotAllowedError):
                change()
    assert not (tmp_path / "cadangan.gpkg").exists()
    with acting(one(Role.MANAGER)):
        commit(table, door)
        door.backup(tmp_path / "cadangan.gpkg")
    assert (tmp_path / "cadangan.gpkg").exists()


def test_a_layer_nobody_thought_of_is_the_manager_s():
    assert needed_for(["something new"]) is Role.MANAGER
    assert needed_for(["visits", "something new"]) is Role.MANAGER


def test_a_planner_enters_and_clears_targets_but_takes_no_visit_out():
    assert needed_for(["targets", "hidden_targets"], removing=True) is Role.PLANNER
    assert needed_for(["visits", "hidden_visits"], removing=True) is Role.MANAGER


def test_a_command_on_the_computer_itself_needs_no_role(door, server, tmp_path):
    table = tmp_path / "kunjungan.csv"
    table.write_text(f"kode,tanggal\n{VILLAGE},2024-10-04\n")
    assert main(["import", "visits", str(table), "-w", str(door.path)]) == 0


def test_the_file_names_who_has_which_role_whatever_the_capitals(server):
    known = people()
    assert known.sign_in == PROXY
    assert known.person(" rencana@contoh.INVALID ") == Person("rencana@contoh.invalid", Role.PLANNER)
    with pytest.raises(NotAllowedError, match=r"siapa@contoh\.invalid belum mendapat akses"):
        known.person("siapa@contoh.invalid")
    assert SECRET not in repr(known)


def test_who_is_taken_out_of_the_file_has_no_access_from_then_on(server):
    assert people().person("data@contoh.invalid").role is Role.MANAGER
    server.write_text(FILE.replace('"data@contoh.invalid" = "pengelola data"', ""))
    with pytest.raises(NotAllowedError):
        people().person("data@contoh.invalid")


@pytest.mark.parametrize("account", ["", "  ", "a\nb", "a\x1b[31m", "x" * 255])
def test_what_cannot_be_an_account_has_no_access_even_where_unknown_people_may_look(account):
    known = People(PROXY, {"a": Role.MANAGER}, unknown=Role.REVIEWER)
    assert known.person("siapa@contoh.invalid").role is Role.REVIEWER
    with pytest.raises(NotAllowedError):
        known.person(account)


@pytest.mark.parametrize(
    ("text", "secret", "told"),
    [
        (FILE, "", "Kata rahasia proksi"),
        (FILE, "short", "Kata rahasia proksi"),
        (FILE.replace("proxy", "pintu"), SECRET, "sign_in"),
        (FILE.replace('sign_in = "proxy"', ""), SECRET, "sign_in"),
        (FILE.replace("perencana", "kepala"), SECRET, '"kepala" untuk Rencana@Contoh.invalid'),
        (FILE.replace('"perencana"', "1"), SECRET, '"1" untuk'),
        ('sign_in = "login"\nunknown = "tamu"\n[people]\na = "perencana"', "", '"tamu" untuk unknown'),
        ('sign_in = "login"\n', "", "belum menyebut seorang pun"),
        ('sign_in = "login"\npeople = "a"\n', "", "belum menyebut seorang pun"),
        ('sign_in = "login"\npepole = 1\n', "", '"pepole" tidak dikenal'),
        (f'header = "a: b"{FILE}', SECRET, "tajuk HTTP"),
        ("[[", SECRET, "bukan TOML"),
    ],
)
def test_a_faulty_file_lets_nobody_in_and_says_what_to_mend(text, secret, told, tmp_path):
    path = tmp_path / "roles.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=told):
        read_people(path, secret)


def test_a_missing_file_lets_nobody_in(tmp_path):
    with pytest.raises(InputError, match="JANGKAU_ROLES"):
        read_people(tmp_path / "tidak-ada.toml", SECRET)
