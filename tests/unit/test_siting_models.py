"""The registry of siting models is the only place that knows their names, and no record is half a model."""

import ast
import dataclasses
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import coverage
from coverage.answers.siting.goal import Level
from coverage.answers.siting.model import Limits, SitingProblem
from coverage.answers.siting.models.all_models import MODELS, for_instances, model_named
from coverage.answers.siting.models.record import Model, Terms
from coverage.answers.siting.robustness import units_counting
from coverage.ground.errors import InputError
from coverage.ground.texts import LANGUAGES, Message, say

HOUSE = Path(coverage.__file__).parent
ROOM = HOUSE / "answers" / "siting" / "models"
WORKING = [path for path in sorted(HOUSE.rglob("*.py")) if not path.is_relative_to(ROOM)]

each_model = pytest.mark.parametrize("name", MODELS)
each_lang = pytest.mark.parametrize("lang", LANGUAGES)


def names_told(tree):
    """Find every literal that is a model's name: it can only be there to be compared, looked up or handed on."""
    forms = {*MODELS, *(name.replace("-", "_") for name in MODELS)}
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in forms]


def test_no_module_but_the_models_own_knows_one_by_name():
    told = {str(path.relative_to(HOUSE)): names_told(ast.parse(path.read_text("utf-8"))) for path in WORKING}
    assert {path: lines for path, lines in told.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        'question.model == "p-median"',
        'question.model in {"mclp", "lscp"}',
        '{"capacitated": 1}[question.model]',
        'question.model.replace("-", "_") != "p_center"',
        'match model:\n    case "lexicographic":\n        pass',
    ],
)
def test_a_name_in_a_comparison_a_set_or_a_key_is_found(line):
    assert names_told(ast.parse(line))


def test_every_module_of_the_room_that_holds_a_model_is_in_the_registry():
    holding = {path.stem for path in ROOM.glob("*.py") if "\nMODEL = " in path.read_text("utf-8")}
    assert holding == {name.replace("-", "_") for name in MODELS}
    assert len(set(MODELS)) == len(MODELS)


def test_an_unknown_model_raises():
    for name in ("tebak", "record", "all-models", "all_models", "p_median", "MCLP", "", "../mclp"):
        with pytest.raises(InputError, match="tidak dikenal") as caught:
            model_named(name)
        assert all(known in str(caught.value) for known in MODELS)


def test_a_model_that_lacks_what_gives_figures_cannot_be_made():
    whole = {one.name: getattr(model_named(MODELS[0]), one.name) for one in dataclasses.fields(Model)}
    assert Model(**whole) == model_named(MODELS[0])
    for name in ("name", "seeks", "needs", "ask", "levels", "measure", "reading"):
        with pytest.raises(TypeError, match=name):
            Model(**{key: value for key, value in whole.items() if key != name})


@each_lang
@each_model
def test_every_model_has_its_words(name, lang):
    model = model_named(name)
    assert say(model.seeks, lang).startswith("Model: ")
    assert model.seeks_priced is None or say(model.seeks_priced, lang).startswith("Model: ")
    assert say(model.reading.title, lang)
    for level in {level for levels in (model.levels, *model.sought) for level in levels}:
        assert say(f"siting.loss_{level}", lang, loss_share=0.1)
    assert f"{name} (" in say("cli.model", lang)


@each_lang
def test_the_models_for_published_instances_are_told_by_name(lang):
    told = Message.of("siting.instance_model", model="x").text(lang)
    assert {name for name in MODELS if name in told} == {model.name for model in for_instances()}


def problem():
    minutes = np.array([[10.0, 50.0, np.inf], [40.0, 20.0, np.inf], [np.inf, np.inf, 5.0], [25.0, 70.0, np.inf]])
    return SitingProblem(minutes, np.array([700.5, 300.0, 40.0, 5.0]), standing_min=np.full(3, np.inf))


@each_model
def test_what_is_measured_is_what_was_sought(name):
    model, terms = model_named(name), Terms(2, 30.0, capacity=650.0)
    asked = dataclasses.replace(terms, number=3) if "number" not in model.needs else terms
    found = model.best(problem(), asked, Limits())
    reached = model.reach(problem(), found.sites, terms)
    assert [level.name for level in reached] == list(model.levels)
    if not model.sought:
        assert reached == found.goal
    assert np.isfinite(model.reading.value(reached))


@each_model
def test_a_measure_or_an_answer_that_is_not_the_records_is_a_fault(name):
    model, terms = model_named(name), Terms(2, 30.0, capacity=650.0)
    other = dataclasses.replace(model, measure=lambda *_: (Level("other", 1.0, 1.0, 0.0),))
    with pytest.raises(ValueError, match="other"):
        other.reach(problem(), (0,), terms)
    with pytest.raises(ValueError, match=name):
        dataclasses.replace(model, name="other").best(problem(), terms, Limits())
    with pytest.raises(ValueError, match=name):
        dataclasses.replace(model, levels=("other",), sought=()).best(problem(), terms, Limits())


@each_model
def test_what_a_model_needs_is_what_changes_its_answer(name):
    """Number, cutoff and capacity are needed exactly where the answer of some small problem depends on them."""
    model = model_named(name)
    usual, deciding = Terms(2, 30.0, capacity=650.0), set()
    changed = {
        "number": dataclasses.replace(usual, number=3),
        "cutoff": dataclasses.replace(usual, cutoff_min=45.0),
        "capacity": dataclasses.replace(usual, capacity=100.0),
    }
    for need, terms in changed.items():
        for minutes in (problem().minutes, np.minimum(problem().minutes, 44.0)):
            asked = dataclasses.replace(problem(), minutes=minutes)
            answers = [_answer(model, asked, one) for one in (usual, terms)]
            if answers[0] != answers[1]:
                deciding.add(need)
    assert deciding == model.needs


def _answer(model, asked, terms):
    try:
        found = model.best(asked, terms, Limits())
    except (InputError, ValueError) as error:
        return str(error)
    return found.sites, [level.value for level in found.goal]


@pytest.mark.parametrize(("counted", "closed"), [(1, ["a", "d"]), (2, ["a", "b", "d"])])
def test_robustness_closes_the_units_that_count_for_somebody(counted, closed):
    """Of a, b, c in the order of nearness b counts as a second, c never; d lies beside e, which is in no region."""
    minutes = np.array([[5.0, 5.0, 9.0, 60.0, np.inf], [7.0, 20.0, 20.0, np.inf, 99.0], [31.0, 60.0, 60.0, 30.0, 4.0]])
    minutes = np.vstack([minutes, [np.inf, np.inf, np.inf, 30.0, np.inf]])
    units = pd.DataFrame({"in_region": [True, True, True, True, False]}, index=list("abcde"))
    study = SimpleNamespace(od=SimpleNamespace(minutes=minutes), units=units)
    proposal = SimpleNamespace(
        study=study, question=SimpleNamespace(cutoff_min=30.0), model=SimpleNamespace(units_counted=counted)
    )
    assert units_counting(proposal) == closed
