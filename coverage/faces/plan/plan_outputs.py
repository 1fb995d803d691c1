"""What a plan gives to be written as a file; which files there are stands in the registry of formats."""

from collections.abc import Callable, Mapping

from coverage.answers.tours.plan import Plan
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.files.sources import PlanSource
from coverage.faces.plan.itineraries import itinerary, plan_ground, plan_list
from coverage.ground.texts import Language

__all__ = ["plan_files", "plan_source"]


def plan_source(plan: Plan, lang: Language, answer: Callable[[], object] | None = None) -> PlanSource:
    """Say of what the files of a plan are made; `answer` is what JSON tells of it, None where it is not asked."""
    return PlanSource(
        itinerary(plan, lang),
        table=lambda: plan_list(plan, lang),
        sheet=lambda: plan_list(plan, lang, printed=True),
        ground=lambda: plan_ground(plan),
        answer=answer,
    )


def plan_files(
    plan: Plan, lang: Language, *, answer: Callable[[], object] | None = None
) -> Mapping[str, Callable[[], bytes]]:
    """Say how each format of a plan is made, by its name; nothing is made before it is asked for."""
    return FORMATS.files("plan", plan_source(plan, lang, answer), lang)
