"""Laws of robustness: nobody regrets the best, and each case is what the region would be."""

import functools

import numpy as np
import pytest

from coverage.answers.siting.models.all_models import MODELS
from coverage.answers.siting.propose import propose
from coverage.answers.siting.question import Question
from coverage.answers.siting.robustness import robustness, scaled
from coverage.answers.study import open_study
from coverage.answers.whatif import UnitChanges, changed_study, whatif
from coverage.travel.network.ferry_choices import TravelChoices


@functools.cache
def opened(region, choices, speeds=None):
    """Open a region once for the models that ask the same cases of it."""
    return open_study(region, choices=choices, speeds=speeds)


def opener(region):
    return functools.partial(opened, region)


@pytest.fixture(scope="module")
def tried(sultra):
    question = Question(number=2, cutoff_min=90, alternatives=3, candidates="kelurahan")
    return robustness(propose(sultra, question), opener("74"))


def case_of(tried, key):
    return [number for number, case in enumerate(tried.cases) if case.key == key]


def test_in_every_case_somebody_is_best_and_nobody_better(tried):
    assert tried.regret.shape == (len(tried.cases), 3)
    assert (tried.regret.min(axis=1) == 0).all()
    assert (tried.regret >= 0).all()
    assert tried.largest[tried.safest] == tried.largest.min()
    assert len(tried.table) == tried.regret.size


def test_as_it_is_the_regret_is_the_loss_of_the_alternative(tried):
    losses = [entry.behind.share for entry in tried.proposal.found.sets]
    assert tried.regret[0] == pytest.approx(losses, abs=1e-9)
    assert tried.values[0] == pytest.approx([entry.result.objective for entry in tried.proposal.found.sets])


def gained(study, kode):
    return whatif(study, add=kode, cutoff_min=90).newly_covered["population"].sum()


def test_a_closed_unit_is_closed_before_the_new_ones_stand(tried, sultra):
    units = dict(zip(sultra.units["name"], sultra.units.index, strict=True))
    closed = case_of(tried, "siting.case_closed")
    assert closed
    for number in closed:
        study = changed_study(sultra, UnitChanges(close=[units[tried.cases[number].values["unit"]]]))
        for place, entry in enumerate(tried.proposal.found.sets):
            assert tried.values[number, place] == pytest.approx(
                gained(study, tried.proposal.kode(entry.result.sites)), rel=1e-6
            )


def test_slower_and_faster_are_the_region_with_such_speeds(tried, sultra):
    for key, factor in (("siting.case_slower", 0.8), ("siting.case_faster", 1.2)):
        (number,) = case_of(tried, key)
        study = open_study("74", speeds=scaled(sultra.speeds, factor))
        kode = tried.proposal.kode(tried.proposal.result.sites)
        assert tried.values[number, 0] == pytest.approx(gained(study, kode), rel=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_a_ferry_out_is_the_region_without_it(model, wakatobi):
    question = Question(model=model, number=2, cutoff_min=900, alternatives=2)
    tried = robustness(propose(wakatobi, question), opener("74.07"))
    ferries = dict(zip(wakatobi.network.ferry_names, wakatobi.network.ferry_ids, strict=True))
    out = case_of(tried, "siting.case_ferry")
    assert out
    for number in out:
        id_ = ferries[tried.cases[number].values["ferry"]]
        study = opened("74.07", TravelChoices(without=(id_,)))
        minutes = whatif(study, add=tried.proposal.kode(tried.proposal.result.sites), cutoff_min=900)
        after = minutes.after.villages["travel_min"].to_numpy()
        if model in {"mclp", "lexicographic", "lscp"}:
            expected = minutes.newly_covered["population"].sum()
            assert tried.values[number, 0] == pytest.approx(expected, rel=1e-6)
        if model == "p-center":
            assert tried.values[number, 0] <= after[np.isfinite(after)].max() + 1e-9
    assert tried.proposal.model.reading.in_minutes == (model in {"p-median", "p-center"})
    assert tried.advice.text("id").startswith(("Saran", "Hanya"))


def test_the_case_without_any_set_to_compare_says_so(wakatobi):
    tried = robustness(propose(wakatobi, Question(number=1)), opener("74.07"))
    assert tried.advice.key == "siting.advice_alone"
