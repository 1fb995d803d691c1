"""What the ranking for the next visit says of its figures and of its base."""

import json

import pytest

from coverage.answers.gaps import gaps
from coverage.answers.pokling import rank
from coverage.answers.study import open_study
from coverage.faces import cli
from coverage.ground.texts import LANGUAGES
from coverage.places.importing import import_population
from coverage.places.importing.preview import Asked
from coverage.places.workspace import Workspace

REGION = "16.73"
OWN = {"16.73.01.1001": 1445, "16.73.02.1001": 77}


@pytest.fixture
def door(tmp_path):
    return Workspace.open(tmp_path / "kantor.gpkg")


def test_only_a_share_of_a_total_is_called_an_estimate(door):
    rows = "".join(f"{kode};{persons}\n" for kode, persons in OWN.items())
    found = import_population.read(f"kode;penduduk\n{rows}".encode(), "penduduk.csv", Asked(year=2024))
    import_population.store(found, door)
    study = open_study(REGION, workspace=door.path)
    ranking = rank(study)
    source = study.villages.at[next(iter(OWN)), "population_source"]
    seen = set()
    for kode in ranking.ranked.index:
        for lang, about, estimate in (("id", "Penduduk", "perkiraan"), ("en", "opulation|inhabitants", "estimate")):
            (said,) = [
                one.text(lang)
                for one in ranking.reasons(kode)
                if one.key.startswith("pokling.population") and any(word in one.text(lang) for word in about.split("|"))
            ]
            own = kode in OWN
            seen.add(own)
            assert (estimate in said) == (not own)
            assert (source in said) == own
    assert seen == {True, False}
    assert "penduduk.csv" in source
    assert "2024" in source
    (note,) = [one for one in gaps(study).notes if one.key.startswith("gaps.note_population")]
    assert note.values["own"] == len(OWN)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_question_of_next_asks_for_the_base_alike(lang, capsys):
    asked = ["next", "--region", "74", "--lang", lang]
    told = []
    for more in ([], ["--why", "74.03.16.1005"], ["--sensitivity"]):
        assert cli.main([*asked, *more]) != 0
        told.append(capsys.readouterr().err)
    assert len(set(told)) == 1
    assert "--base" in told[0]
    assert "bnnk-muna" in told[0]
    assert cli.main([*asked, "--why", "74.03.16.1005", "--base", "bnnk-muna", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["base"] == "bnnk-muna"
