"""``jangkau plan`` as a planner calls it, and every file it writes read back by another reader, stop by stop."""

import csv
import datetime as dt
import io
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import geopandas as gpd
import gpxpy
import openpyxl
import pyogrio
import pytest
import vobject

from coverage.answers.study import open_study
from coverage.answers.tours.campaign import plan_campaign
from coverage.faces.cli import main, plan_command
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.plan.plan_file import read_plan
from coverage.faces.plan.plan_outputs import plan_files

LINGGAU = "plan --region 16.73 --as-of 2024-10-05 --from 2024-10-07 --days 5 --iterations 200"
SULTRA = (
    "plan --region 74 --base bnn-kota-kendari --as-of 2026-11-21 --from 2026-12-01 --days 10 --teams 2 --hours 8 "
    "--visit-min 150 --seed 1"
)
KINDS = tuple(dict.fromkeys(one.ending for one in FORMATS.of_kind("plan") if one.label))


@pytest.fixture(scope="module", autouse=True)
def own_home(tmp_path_factory):
    home = tmp_path_factory.mktemp("plans") / "home"
    home.mkdir()
    shared = Path(os.environ["JANGKAU_HOME"]) / "cache"
    shared.mkdir(parents=True, exist_ok=True)
    (home / "cache").symlink_to(shared, target_is_directory=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JANGKAU_HOME", str(home))
        patch.delenv("JANGKAU_LANG", raising=False)
        patch.chdir(home)
        yield home


@pytest.fixture
def ask(capfdbinary):
    def asked(line):
        code = main(shlex.split(line))
        out, err = capfdbinary.readouterr()
        return code, out.decode("utf-8"), err.decode("utf-8")

    return asked


@pytest.fixture(scope="module")
def files(own_home):
    """Write the plan of Lubuklinggau in every format; it is searched once, another search is a test's own matter."""
    found = []

    def once(*asked, **named):
        found[:] = found or [plan_campaign(*asked, **named)]
        return found[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan_command, "plan_campaign", once)
        for kind in ("json", *KINDS):
            assert main(shlex.split(f"{LINGGAU} -o rencana.{kind}")) == 0
    return own_home


@pytest.fixture(scope="module")
def plan(files):
    return json.loads((files / "rencana.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def stops(plan):
    return [(day, stop) for day in plan["days"] for stop in day["stops"]]


def clock(text):
    return dt.datetime.fromisoformat(text).strftime("%H.%M")


def table_rows(path):
    sheet = openpyxl.load_workbook(path).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(number for number, row in enumerate(rows) if row[0] == "No.")
    names = rows[head]
    return [dict(zip(names, row, strict=True)) for row in rows[head + 1 :] if isinstance(row[0], (int, float))]


def test_the_workbook_holds_every_stop_in_order(files, stops):
    rows = table_rows(files / "rencana.xlsx")
    assert [row["Kode"] for row in rows] == [stop["kode"] for _, stop in stops]
    assert [row["Tanggal"].date().isoformat() for row in rows] == [day["date"] for day, _ in stops]
    assert [row["Tiba"] for row in rows] == [clock(stop["arrival"]) for _, stop in stops]
    assert [row["Berangkat"] for row in rows] == [clock(stop["departure"]) for _, stop in stops]
    assert {"Selesai", "Catatan"} <= rows[0].keys()
    sheet = openpyxl.load_workbook(files / "rencana.xlsx").active
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    words = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert {"Disusun oleh,", "Mengetahui, kepala"} <= set(words)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_reads_the_same_stops_from_the_workbook(files, stops, tmp_path):
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "csv", "--outdir", tmp_path, files / "rencana.xlsx"],
        check=True,
        capture_output=True,
    )
    text = (tmp_path / "rencana.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.reader(io.StringIO(text)) if re.fullmatch(r"\d+", row[0])]
    assert [row[3] for row in rows] == [stop["kode"] for _, stop in stops]
    assert [row[7] for row in rows] == [clock(stop["arrival"]) for _, stop in stops]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext (poppler-utils)")
def test_the_pdf_tells_every_stop_and_leaves_room_to_sign(files, stops):
    path = files / "rencana.pdf"
    text = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True).stdout.decode()
    flat = re.sub(r"\s+", " ", text)
    at = [flat.index(stop["kode"]) for _, stop in stops]
    assert at == sorted(at)
    for place, (_, stop) in zip(at, stops, strict=True):
        near = flat[place : place + 160]
        assert f"{clock(stop['begin'])} {clock(stop['departure'])}" in near
    assert "Disusun oleh" in flat
    assert "Mengetahui" in flat


def test_gpx_holds_every_stop_as_a_waypoint_and_on_its_days_route(files, plan, stops):
    content = (files / "rencana.gpx").read_text(encoding="utf-8")
    gpx = gpxpy.parse(content)
    assert 'version="1.1"' in content
    marks = gpx.waypoints[1:]
    assert [(mark.latitude, mark.longitude) for mark in marks] == [(stop["lat"], stop["lon"]) for _, stop in stops]
    assert [mark.time for mark in marks] == [dt.datetime.fromisoformat(stop["arrival"]) for _, stop in stops]
    for route, day in zip(gpx.routes, plan["days"], strict=True):
        assert [point.name for point in route.points[1:-1]] == [stop["name"] for stop in day["stops"]]
        assert all(point.name for point in route.points)


def test_gdal_reads_the_same_stops_from_gpx_kml_and_geojson(files, plan, stops):
    names = [f"{stop['order']}. {stop['name']}" for _, stop in stops]
    points = [(stop["lon"], stop["lat"]) for _, stop in stops]
    waypoints = gpd.read_file(files / "rencana.gpx", layer="waypoints")
    assert waypoints["name"].tolist()[1:] == names
    assert [(round(point.x, 6), round(point.y, 6)) for point in waypoints.geometry][1:] == points
    assert len(gpd.read_file(files / "rencana.gpx", layer="routes")) == len(plan["days"])
    layers = [name for name, _ in pyogrio.list_layers(files / "rencana.kml")]
    marks = [
        (row["Name"], round(row.geometry.x, 6), round(row.geometry.y, 6))
        for layer in layers
        for _, row in gpd.read_file(files / "rencana.kml", layer=layer).iterrows()
        if row.geometry.geom_type == "Point" and re.match(r"\d+\. ", row["Name"])
    ]
    assert [mark[0] for mark in marks] == names
    assert [mark[1:] for mark in marks] == points
    shown = gpd.read_file(files / "rencana.geojson")
    assert shown.loc[shown["role"] == "stop", "kode"].tolist() == [stop["kode"] for _, stop in stops]
    ways = shown[shown["role"] == "route"]
    assert [len(way.coords) for way in ways.geometry] == [len(day["stops"]) + 2 for day in plan["days"]]
    assert shown.crs.to_epsg() == 4326


def test_csv_for_machines_and_for_excel_hold_every_stop(files, stops, ask):
    rows = list(csv.DictReader(io.StringIO((files / "rencana.csv").read_text(encoding="utf-8"))))
    assert [(row["kode"], row["date"], row["arrival"]) for row in rows] == [
        (stop["kode"], day["date"], clock(stop["arrival"])) for day, stop in stops
    ]
    assert ask(f"{LINGGAU} --format csv-excel -o excel.csv")[0] == 0
    raw = Path("excel.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in raw
    found = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert [row["Kode"] for row in found] == [stop["kode"] for _, stop in stops]
    assert all("," in row["Jarak (km)"] or row["Jarak (km)"].isdigit() for row in found)


def test_the_calendar_holds_one_event_a_day_in_the_time_of_the_province(files, plan):
    raw = (files / "rencana.ics").read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert b"TZID=Asia/Jakarta" in raw
    assert b"BEGIN:VTIMEZONE" in raw
    events = list(vobject.readOne(raw.decode("utf-8")).vevent_list)
    assert len(events) == len(plan["days"])
    for event, day in zip(events, plan["days"], strict=True):
        assert event.dtstart.value == dt.datetime.fromisoformat(day["start"])
        assert event.dtend.value == dt.datetime.fromisoformat(day["end"])
        for stop in day["stops"]:
            assert (
                f"{clock(stop['begin'])}-{clock(stop['departure'])} {stop['name']} ({stop['kode']})"
                in event.description.value
            )
        assert event.summary.value.startswith("Kunjungan")


def test_the_message_is_short_and_its_links_have_at_most_five_points(files, stops):
    text = (files / "rencana.txt").read_text(encoding="utf-8")
    for message in text.split("\n\n- - -\n\n"):
        assert len(message) < 4000
    for _, stop in stops:
        assert f"{clock(stop['begin'])}-{clock(stop['departure'])} {stop['name']}" in text
    links = re.findall(r"https://www\.google\.com/maps/dir/\S+", text)
    assert links
    for link in links:
        assert 2 <= len(re.findall(r"-?\d+(?:\.\d+)?,\d+", link)) <= 5


def test_no_file_tells_anything_about_clients_or_priority(files):
    for kind in dict.fromkeys(one.ending for one in FORMATS.of_kind("plan") if one.label and one.text):
        text = (files / f"rencana.{kind}").read_text(encoding="utf-8").casefold()
        assert not re.search(r"klien|client|residen|prioritas|score|skor", text), kind


def test_the_same_request_twice_gives_the_same_bytes_in_every_format(files, ask):
    assert ask(f"{LINGGAU} --format json")[1].encode() == (files / "rencana.json").read_bytes()
    earlier = read_plan((files / "rencana.json").read_bytes(), "rencana.json", "16.73")
    made = plan_files(plan_campaign(open_study("16.73"), earlier.request), "id")
    for kind in KINDS:
        assert made[kind]() == (files / f"rencana.{kind}").read_bytes(), kind


def test_the_campaign_of_sultra_holds_what_was_promised(ask):
    code, out, err = ask(f"{SULTRA} -o sultra.xlsx --format json")
    assert code == 0
    assert "sultra.xlsx" in err
    found = json.loads(out)
    assert found["seed"] == 1
    assert found["scenario"]["request"]["teams"] == 2
    assert {day["team"] for day in found["days"]} == {1, 2}
    for day in found["days"]:
        assert dt.date.fromisoformat(day["date"]).weekday() < 5
        assert day["total_min"] <= day["limit_min"] == 480
        assert day["drive_min"] + day["visit_min"] + day["wait_min"] + day["break_min"] == day["total_min"]
        for stop in day["stops"]:
            assert {"arrival", "departure", "drive_min", "km", "ferry_legs"} <= stop.keys()
    planned = {stop["kode"] for day in found["days"] for stop in day["stops"]}
    assert len(planned) + len(found["left_out"]) == 2285
    assert all(row["reason"].endswith(".") for row in found["left_out"])
    assert 0 < found["objective"] <= found["bound"]
    rows = table_rows(Path("sultra.xlsx"))
    assert [row["Kode"] for row in rows] == [stop["kode"] for day in found["days"] for stop in day["stops"]]


def test_why_answers_for_those_in_the_plan_and_those_left_out(ask, stops):
    kode = stops[0][1]["kode"]
    code, out, _ = ask(f"{LINGGAU} --why {kode} --format json")
    told = json.loads(out)
    assert code == 0
    assert told["planned"]
    assert kode in told["reasons"][0]
    told = json.loads(ask(f"{LINGGAU} --why Watervang --format json")[1])
    assert (told["planned"], told["cause"]) == (False, "visited")


def test_a_plan_goes_on_from_its_file_and_tells_the_change(files, ask, plan, own_home):
    first = plan["days"][0]
    held = " ".join(f"--held {stop['kode']}" for stop in first["stops"])
    gone = plan["days"][1]["stops"][0]["kode"]
    code, out, err = ask(
        "plan --region 16.73 -w kantor.gpkg --continue rencana.json --as-of 2024-10-08 "
        f"{held} --cancelled {gone} --format json"
    )
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert [stop["kode"] for stop in found["days"][0]["stops"]] == [stop["kode"] for stop in first["stops"]]
    assert found["days"][0]["kept"]
    later = {stop["kode"] for day in found["days"][1:] for stop in day["stops"]}
    assert not later & {gone, *(stop["kode"] for stop in first["stops"])}
    assert any(gone in line for line in found["changes"])
    fresh = json.loads(ask(f"{LINGGAU} -w kantor.gpkg --format json")[1])
    assert not {stop["kode"] for day in fresh["days"] for stop in day["stops"]} & {s["kode"] for s in first["stops"]}


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("--teams 0", "teams"),
        ("--from 2024-10-01", "sudah lewat"),
        ("--from 2024-10-05 --days 2", "tutup"),
        ("--fixed Watervang=besok", "Janji"),
        ("--quota Lubuklinggau=2", "Jatah"),
        ("--weight gaji=1", "Bobot"),
        ("--held Watervang", "--continue"),
        ("--continue tidak-ada.json", "bukan berkas rencana"),
        ("--start pagi", "Jam"),
        ("--base tidak-ada", "tidak-ada"),
        ("--hours 1 --visit-min 60", "tercapai dalam sehari"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_a_sentence(ask, flags, said):
    code, out, err = ask(f"plan --region 16.73 --as-of 2024-10-05 {flags}")
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert said in err


def test_circuits_and_sensitivity_answer_in_text_and_json(ask):
    code, out, _ = ask("circuits --region 16.73 --circuits 5 --format json")
    assert code == 0
    assert len({row["circuit"] for row in json.loads(out)["circuits"]}) == 5
    code, out, _ = ask("next --region 16.73 --as-of 2024-10-05 --sensitivity --format json")
    assert code == 0
    told = json.loads(out)
    assert set(told["stays"]) <= {row["kode"] for row in told["villages"]}
    code, out, _ = ask("next --region 16.73 --as-of 2024-10-05 --sensitivity --weight need=0,5")
    assert code == 0
    assert "10 teratas" in out


def test_why_not_is_asked_of_the_base_that_is_named(capsys):
    for kode, base, cause in (("74.03.16.1005", "bnnk-muna", None), ("74.07.02.1002", "bnnk-muna", "not_connected")):
        assert main(["next", "--region", "74", "--why", kode, "--base", base, "--format", "json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["base"] == base
        assert told["cause"] in (cause, "base")
        assert told["reasons"]
