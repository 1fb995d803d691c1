"""A worker finds what the server itself would find, to the last bit, and about the same workspace."""

import dataclasses
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coverage.answers.scenarios.scenario import Scenario, of_study
from coverage.answers.siting.question import Question
from coverage.answers.study import Study, open_study
from coverage.answers.tours.living import Earlier, Event
from coverage.answers.tours.request import Request
from coverage.answers.whatif import UnitChanges, changed_study
from coverage.faces.heavy import works
from coverage.faces.heavy.pool import Pool
from coverage.faces.heavy.studies import Basis, Key, opened
from coverage.faces.heavy.works import ReportWork
from coverage.faces.report.answers import Asked
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.workspace import Workspace
from coverage.travel.network.ferry_choices import USUAL, TravelChoices

from .conftest import MOST_BYTES, Going, Heard, until

KENDARI = "74.71"
BASE = "bnn-kota-kendari"
QUICK = Question(number=1, cutoff_min=15, alternatives=1)
MONDAY = dt.date(2026, 11, 30)


@pytest.fixture(scope="module", autouse=True)
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """An office's own file, named by the environment as on a server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JANGKAU_WORKSPACE", str(tmp_path_factory.mktemp("office") / "kantor.gpkg"))
        door = Workspace.open()
        door.record_visit("74.71.01.1006", dt.date(2026, 11, 2))
        own = door.units().loc[[BASE]].rename(index={BASE: "ibm-baru"}).assign(name="IBM Baru", kind="IBM")
        door.save_units(own)
        yield door


@pytest.fixture(scope="module")
def pool(workspace: Workspace) -> Iterator[Pool]:
    made = Pool(1, MOST_BYTES)
    yield made
    made.close()


@pytest.fixture(scope="module")
def basis(workspace: Workspace) -> Basis:
    return Basis(Key(KENDARI, USUAL, workspace.state()), open_study(KENDARI))


def of_array(value: Any) -> dict[object, Any]:
    bits = list(value) if value.dtype == object else value.tobytes()
    return {"dtype": value.dtype, "shape": value.shape, "values": bits}


MADE_OF: list[tuple[Any, Callable[[Any], dict[object, Any]]]] = [
    (pd.DataFrame, lambda value: {"index": value.index, "columns": list(value), **dict(value)}),
    (pd.Series, lambda value: {"index": value.index, "values": value.array}),
    (pd.Index | pd.api.extensions.ExtensionArray, lambda value: {"dtype": value.dtype, "values": value.to_numpy()}),
    (np.ndarray, of_array),
    (tuple | list, lambda value: dict(enumerate(value))),
    (Mapping, dict),
]


def parts(value: Any) -> dict[object, Any] | None:
    """Take apart what is made of other values; None for what stands for itself."""
    if dataclasses.is_dataclass(value):
        return {part.name: getattr(value, part.name) for part in dataclasses.fields(value)}
    return next((take(value) for kind, take in MADE_OF if isinstance(value, kind)), None)


def differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Name all in which two values differ: figures by their bits, tables with their types."""
    mine, yours = parts(one), parts(other)
    if type(one) is not type(other) or (mine is not None and yours is not None and list(mine) != list(yours)):
        return [where]
    if mine is None or yours is None:
        # Only NaN is not what it is itself.
        return [] if one is other or one == other or (one != one and other != other) else [where]  # noqa: PLR0124
    found = [one for name in mine for one in differences(mine[name], yours[name], f"{where}.{name}")]
    # How long the solver took is no part of its answer.
    return [one for one in found if not one.endswith(".result.seconds")]


def test_comparing_sees_the_last_bit(basis: Basis) -> None:
    minutes = basis.study.od.minutes
    finite = np.argwhere(np.isfinite(minutes))[0]
    other = minutes.copy()
    other[tuple(finite)] = np.nextafter(other[tuple(finite)], np.inf)
    assert differences(basis.study, dataclasses.replace(basis.study)) == []
    changed = dataclasses.replace(basis.study, od=dataclasses.replace(basis.study.od, minutes=other))
    assert differences(basis.study, changed) == [".od.minutes.values"]


def test_sites_and_how_they_stand(pool: Pool, basis: Basis) -> None:
    study = changed_study(basis.study, UnitChanges(add=["74.71.01.1010"], close=["ibm-baru"]))
    base = Scenario("Sekarang", KENDARI, 15.0, add=("74.71.01.1010",), close=("ibm-baru",))
    question = Question(model="p-median", number=2, cutoff_min=15, alternatives=3)
    watch = Heard()
    found = pool.run(works.propose_sites, (study, question), watch, basis)
    assert found.study is study
    assert differences(found, works.propose_sites(Heard(), study, question)) == []
    # A worker says how far it is no more often than can be read.
    assert "dashboard.site_progress" in {message.key for message in watch.told}
    tried = pool.run(works.try_sites, (found, base, basis.key.state), watch, basis)
    assert tried.proposal is found
    assert differences(tried, works.try_sites(Heard(), found, base, basis.key.state)) == []


@pytest.mark.parametrize("model", ["mclp", "capacitated"])
def test_sites_of_other_models(pool: Pool, basis: Basis, model: str) -> None:
    question = Question(model=model, number=2, cutoff_min=15, alternatives=2)
    found = pool.run(works.propose_sites, (basis.study, question), Heard(), basis)
    assert found.study is basis.study
    assert differences(found, works.propose_sites(Heard(), basis.study, question)) == []


def test_a_plan_and_how_it_goes_on(pool: Pool, basis: Basis) -> None:
    request = Request(BASE, first=MONDAY, days=2, known_on=MONDAY, iterations=50)
    found = pool.run(works.make_plan, (basis.study, request), Heard(), basis)
    plan, _ = found
    assert plan.study is plan.ranking.study is basis.study
    assert differences(found, works.make_plan(Heard(), basis.study, request)) == []
    day = plan.days[0]
    events = [Event("cancelled", day.stops[0].kode), *(Event("held", one.kode) for one in day.stops[1:])]
    going_on = (plan.study, Earlier(request, plan.days), day.date + dt.timedelta(days=1), events, [day.date])
    again = pool.run(works.go_on_with_plan, going_on, Heard(), basis)
    assert differences(again, works.go_on_with_plan(Heard(), *going_on)) == []
    assert again[1]


def test_a_plan_that_is_stopped_shows_the_best_so_far(pool: Pool, basis: Basis) -> None:
    request = Request(BASE, first=MONDAY, days=5, known_on=MONDAY, iterations=1_000_000)
    job = Going(pool, works.make_plan, basis.study, request, basis=basis, patience_s=60.0)
    until(lambda: job.error or (job.watch.now.key == "planning.working" and job.watch.now.values["visits"]))
    job.watch.stop.set()
    plan, _ = job.end().result
    assert (plan.status, bool(plan.days)) == ("cancelled", True)


def test_a_plan_of_a_region_that_has_changed_since_goes_whole(pool: Pool, basis: Basis) -> None:
    rough = TravelChoices(season="ombak")
    older = dataclasses.replace(open_study(KENDARI, choices=rough))
    request = Request(BASE, first=MONDAY, days=2, known_on=MONDAY, iterations=50)
    plan, _ = pool.run(works.make_plan, (older, request), Heard(), basis)
    assert plan.study is older
    assert older.usual is not None
    assert differences(plan, works.make_plan(Heard(), older, request)[0]) == []


def unpacked(content: bytes) -> dict[str, bytes]:
    """Give the parts of a packed file without its core properties, which hold the second it was made."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist() if not name.endswith("core.xml")}


def test_a_report(pool: Pool, basis: Basis) -> None:
    added = dataclasses.replace(of_study(basis.study, "Tambah", 15.0), add=("74.71.01.1010",))
    question = Question(number=1, cutoff_min=15.0, alternatives=2)
    asked = Asked(15.0, MONDAY, base=BASE, question=question, office="BNN Kota Kendari")
    wanted = ReportWork(asked, "id", (added,), (), basis.key.state, "")
    watch = Heard()
    made = pool.run(works.make_report, (basis.study, wanted), watch, basis)
    here = works.make_report(Heard(), basis.study, wanted)
    assert list(made) == list(here) == ["pdf", "docx", "xlsx"]
    assert unpacked(made["docx"]) == unpacked(here["docx"])
    assert unpacked(made["xlsx"]) == unpacked(here["xlsx"])
    assert len(made["pdf"]) == pytest.approx(len(here["pdf"]), abs=64)
    assert Message.of("report.step_site") in watch.told


def test_a_workspace_in_another_state_is_not_computed_from(pool: Pool, basis: Basis) -> None:
    state = basis.key.state._replace(changes=basis.key.state.changes + 1)
    other = Basis(dataclasses.replace(basis.key, state=state), basis.study)
    with pytest.raises(InputError) as told:
        pool.run(works.propose_sites, (basis.study, QUICK), Heard(), other)
    assert told.value.messages == (Message.of("jobs.data_changed"),)
    found = pool.run(works.propose_sites, (basis.study, QUICK), Heard(), basis)
    with pytest.raises(InputError) as told:
        pool.run(works.try_sites, (found, of_study(basis.study, "x", 60.0), state), Heard(), basis)
    assert told.value.messages == (Message.of("jobs.data_changed"),)


def test_a_workspace_that_changes_while_it_is_read_is_not_computed_from(
    basis: Basis, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(region: str, *, choices: TravelChoices) -> Study:
        study = open_study(region, choices=choices)
        Workspace.open(Path(str(workspace.path))).record_visit("74.71.01.1007", dt.date(2026, 11, 3))
        return study

    monkeypatch.setattr("coverage.faces.heavy.studies.open_study", meanwhile)
    with pytest.raises(InputError) as told:
        opened(dataclasses.replace(basis.key, region="74.72"))
    assert told.value.messages == (Message.of("jobs.data_changed"),)
