"""The workspace on a server: what is said when it cannot be used, and a password that never shows."""

import datetime as dt
from urllib.parse import quote

import pandas as pd
import psycopg
import pytest

from coverage.answers.siting.propose import propose
from coverage.answers.siting.question import Question
from coverage.answers.study import open_study
from coverage.faces.cli import main
from coverage.faces.heavy.pool import Pool
from coverage.faces.heavy.studies import Basis, Key
from coverage.faces.heavy.watch import Watch
from coverage.faces.heavy.works import propose_sites
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.roles import ROLES
from coverage.places.workspace import Server, Workspace, location, schema
from coverage.travel.network.ferry_choices import USUAL

DAY = dt.date(2024, 10, 8)
MEGANG = "16.73.08.1006"
HERE = {"region": "74"}


@pytest.fixture
def url(postgres):
    return postgres.url(postgres.database())


def refused(url):
    with pytest.raises(InputError) as caught:
        Workspace.open(url).record_visit(MEGANG, DAY)
    return caught.value


def test_a_server_that_does_not_answer_is_told():
    error = refused("postgresql://ani:sangatrahasia@127.0.0.1:1/kantor")
    assert "tidak dapat dihubungi" in str(error)
    assert "postgresql://ani@127.0.0.1:1/kantor" in str(error)
    assert "sangatrahasia" not in str(error)


def test_a_database_that_does_not_exist_is_told(postgres):
    assert "tidak_ada" in str(refused(postgres.url("tidak_ada")))


def test_the_right_password_opens_and_shows_nowhere(postgres, password, capsys):
    name = postgres.database()
    postgres.ask(name, "GRANT CREATE ON DATABASE " + name + " TO sandi")
    url = postgres.url(name, f"sandi:{quote(password, safe='')}")
    assert main(["visit", "--village", MEGANG, "--date", "2024-10-08", "-w", url]) == 0
    assert main(["workspace", "--format", "json", "-w", url]) == 0
    assert main(["units", "--region", "74.71", "--format", "json", "-w", url]) == 0
    said = "".join(capsys.readouterr())
    door = Workspace.open(url)
    texts = [said, repr(door), str(door.path), door.path.name, str(door.state()), str(door.contents())]
    for secret in (password, quote(password, safe="")):
        assert [text for text in texts if secret in text] == []
    assert f"postgresql://sandi@127.0.0.1:{postgres.port}/{name}" in said
    held = [postgres.ask(name, f"TABLE jangkau.{table}") for table in ("jangkau_log", "jangkau_schema", "visits")]
    assert all(held)
    assert password not in str(held)


@pytest.mark.parametrize("given", ["salah-sandi", "", "r4h@sia"])
def test_a_wrong_password_is_refused_and_not_echoed(given, postgres, capsys):
    secret = f":{quote(given, safe='')}" if given else ""
    url = postgres.url("with_postgis", f"sandi{secret}")
    error = refused(url)
    assert "menolak sambungan" in str(error)
    assert "pgpass" in str(error)
    assert main(["units", "--region", "74.71", "-w", url]) == 2
    said = "".join(capsys.readouterr()) + str(error) + repr(error)
    assert not given or given not in said


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ani:rah@sia/kantor@127.0.0.1/kantor",
        "postgresql://ani:12/rahasia@127.0.0.1/kantor",
        "postgresql://ani:12?rahasia@127.0.0.1/kantor",
        "postgresql://ani:12#rahasia@127.0.0.1/kantor",
        "postgresql://ani:rahasia@127.0.0.1:pintu/kantor",
        "postgresql://ani:rahasia@[::1/kantor",
        "postgresql://ani:rahasia@127.0.0.1",
        "postgresql://ani:rahasia@127.0.0.1/",
        "POSTGRES://ani:rahasia",
    ],
)
def test_an_address_whose_password_could_be_taken_for_something_else_is_refused_unseen(url, capsys):
    assert main(["units", "--region", "74.71", "-w", url]) == 2
    said = "".join(capsys.readouterr())
    assert "postgresql://pengguna@server/basisdata" in said
    assert "rah" not in said.replace("terah", "")
    assert "sia" not in said.replace("basis", "").replace("rahasia", "X")


def test_what_an_address_says_reaches_the_server_whole():
    server = Server.from_url("postgres://ani%20b:a%40b%2Fc@[::1]:5433/kan%20tor?sslmode=require&password=lain")
    assert dict(server.parameters) == {
        "user": "ani b", "password": "a@b/c", "host": "::1", "port": "5433", "dbname": "kan tor", "sslmode": "require",
    }  # fmt: skip
    assert not {"a@b/c", "a%40b", "lain", "require"} & set(server.name.split("/"))
    assert "lain" not in str(server) + repr(server)
    assert isinstance(location("kantor.gpkg").suffix, str)


def test_a_layer_in_metres_is_refused_with_the_remedy(postgres, url):
    Workspace.open(url).record_visit(MEGANG, DAY)
    change = "ALTER TABLE jangkau.visits ALTER geom TYPE geometry(Point, 32748) USING ST_Transform(geom, 32748)"
    postgres.ask(url.rpartition("/")[2], change)
    with pytest.raises(InputError, match=r"lapisan visits.*32748.*EPSG:4326"):
        Workspace.open(url).visits()


def test_a_call_that_cannot_be_read_shows_no_password(capsys):
    assert main(["units", "--region", "74", "--workspaces", "postgresql://ani:rahasia@server/kantor"]) == 2
    said = "".join(capsys.readouterr())
    assert "--workspaces" in said
    assert "rahasia" not in said


def test_a_database_without_postgis_is_told_with_the_remedy(postgres):
    name = postgres.database(template="template1")
    assert "CREATE EXTENSION postgis" in str(refused(postgres.url(name)))


def test_an_option_the_server_does_not_know_is_told(url):
    assert "server" in str(refused(f"{url}?tidakada=1")).lower()


def test_who_may_not_write_is_told_and_nothing_changes(postgres, url):
    Workspace.open(url).record_visit(MEGANG, DAY)
    name = url.rpartition("/")[2]
    postgres.ask("postgres", "DROP ROLE IF EXISTS tamu", "CREATE ROLE tamu LOGIN")
    assert "hak pengguna pada skema jangkau" in str(refused(postgres.url(name, "tamu")))
    assert len(Workspace.open(url).contents().log) == 1


def test_who_waits_too_long_for_another_writer_is_told(url, monkeypatch):
    door = Workspace.open(url)
    door.record_visit(MEGANG, DAY)
    monkeypatch.setattr("coverage.places.workspace.postgis.BUSY_SECONDS", 0.2)
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE jangkau.visits IN EXCLUSIVE MODE")
        with pytest.raises(InputError, match="sedang ditulis pengguna lain"):
            door.record_visit(MEGANG, dt.date(2024, 11, 1))
        assert door.visits()["kode"].iloc[-1] == MEGANG, "who reads does not wait"


REFUSALS = {
    "53100": "kehabisan ruang disk",
    "25006": "hanya dapat dibaca sekarang",
    "55P03": "sedang ditulis pengguna lain",
    "40P01": "sedang ditulis pengguna lain",
    "58030": "gagal membaca atau menulis",
    "53200": "kehabisan memori",
    "XX001": "rusak",
    "XX002": "rusak",
    "57014": "terlalu lama",
    "42501": "hak pengguna pada skema jangkau",
    "57P03": "sedang dimatikan atau baru dinyalakan",
    "22023": "menolak perintah",
}


def test_each_state_that_a_server_refuses_with_has_its_sentence(postgres, url):
    """The server itself raises each of them in the middle of a write, and nothing of the write stays."""
    door = Workspace.open(url)
    door.record_visit(MEGANG, DAY)
    name = url.rpartition("/")[2]
    for state, words in REFUSALS.items():
        raised = f"BEGIN RAISE EXCEPTION 'isi disk' USING ERRCODE = '{state}'; END"
        postgres.ask(
            name,
            f"CREATE OR REPLACE FUNCTION jangkau.tolak() RETURNS trigger LANGUAGE plpgsql AS $$ {raised} $$",
            "DROP TRIGGER IF EXISTS tolak ON jangkau.jangkau_log",
            "CREATE TRIGGER tolak BEFORE INSERT ON jangkau.jangkau_log EXECUTE FUNCTION jangkau.tolak()",
        )
        said = str(refused(url))
        assert words in said, (state, said)
        assert ("rusak" in said) == state.startswith("XX"), said
        assert len(door.contents().log) == 1


def test_a_server_that_is_read_only_is_told_to_who_writes_and_read_by_all(postgres, url):
    Workspace.open(url).record_visit(MEGANG, DAY)
    postgres.ask("postgres", f"ALTER DATABASE {url.rpartition('/')[2]} SET default_transaction_read_only = on")
    assert "hanya dapat dibaca sekarang" in str(refused(url))
    assert Workspace.open(url).visits()["kode"].iloc[-1] == MEGANG


def test_a_connection_that_is_cut_in_a_write_says_to_look_whether_it_was_saved(postgres, url, monkeypatch):
    door = Workspace.open(url)
    door.record_visit(MEGANG, DAY)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ani'"
    real = schema.put_rows

    def cut_off(*given):
        postgres.ask("postgres", cut)
        return real(*given)

    monkeypatch.setattr(schema, "put_rows", cut_off)
    with pytest.raises(InputError, match=r"(dimatikan|terputus).*apakah sudah tersimpan"):
        door.record_visit(MEGANG, dt.date(2024, 11, 1))
    monkeypatch.undo()
    assert len(Workspace.open(url).contents().log) == 1


def test_postgis_in_a_schema_of_its_own_is_found(postgres):
    name = postgres.database(template="template1")
    postgres.ask(name, "CREATE SCHEMA gis", "CREATE EXTENSION postgis SCHEMA gis", "GRANT USAGE ON SCHEMA gis TO ani")
    door = Workspace.open(postgres.url(name))
    door.record_visit(MEGANG, DAY)
    assert [(one.layer.name, one.layer.geometry) for one in door.contents().layers] == [("visits", "POINT")]
    assert door.shapes("visits", []).geometry.iloc[0].geom_type == "Point"


def test_a_migration_leaves_a_copy_in_the_home_of_the_user(url, tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path / "rumah"))
    Workspace.open(url).put({"notes": pd.DataFrame([HERE])}, replacing=HERE)
    monkeypatch.setattr(schema, "MIGRATIONS", [*schema.MIGRATIONS, lambda change, _: change.drop("notes")])
    Workspace.open(url).record_visit(MEGANG, DAY)
    assert Workspace.open(url).contents().version == len(schema.MIGRATIONS)
    assert Workspace.open(url).layer("notes", []) is None
    copy = Workspace.open(tmp_path / "rumah" / "postgis.versi-1.gpkg")
    assert len(copy.layer("notes", ["region"])) == 1


def test_the_usual_workspace_may_be_a_server(url, monkeypatch):
    monkeypatch.setenv("JANGKAU_WORKSPACE", url)
    Workspace.open().record_visit(MEGANG, DAY)
    assert str(Workspace.open().path) == url
    assert Workspace.open().visits()["kode"].iloc[-1] == MEGANG


def test_a_worker_opens_the_server_that_the_environment_names(url, monkeypatch, tmp_path):
    monkeypatch.setenv("JANGKAU_WORKSPACE", url)
    Workspace.open().record_visit(MEGANG, DAY)
    # Nobody stands for what a worker does: it reads, as everybody may.
    monkeypatch.setenv(ROLES, str(tmp_path / "roles.toml"))
    state = Workspace.open().state()
    basis = Basis(Key("16.73", USUAL, state), open_study("16.73"))
    question = Question(number=1, cutoff_min=30, alternatives=1)
    workers = Pool(1, 2_000_000_000)
    found = workers.run(propose_sites, (basis.study, question), Watch(Message.of("jobs.preparing")), basis)
    workers.close()
    assert found.study is basis.study
    assert found.result.sites == propose(basis.study, question).result.sites
    assert str(state.workspace).startswith("postgresql://")
