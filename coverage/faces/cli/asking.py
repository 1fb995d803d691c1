"""What several commands do on the way to an answer: open the region, say what the answer stands on, log what leaves."""

from collections.abc import Iterable

from coverage import __version__
from coverage.answers.gaps import GapReport
from coverage.answers.road_notes import roads_told
from coverage.answers.study import Study, open_study
from coverage.answers.travel import choices_asked
from coverage.answers.whatif import UnitChanges
from coverage.faces.cli.flags import Place, Sources, Travel, UnitsChanged, UnitsFile
from coverage.faces.cli.output import Leaving
from coverage.faces.files.logged_exports import note_export
from coverage.ground.errors import InputError
from coverage.ground.registry import entries
from coverage.ground.texts import Language, Message, say
from coverage.places.workspace import Location, doing
from coverage.travel.network.ferry_choices import USUAL
from coverage.travel.network.speed_choices import changed_speeds


def study_of(place: Place, travel: Travel | None = None, files: Sources | UnitsFile | None = None) -> Study:
    """Open the region asked for, as somebody travels who gave these flags."""
    return open_study(
        place.region,
        workspace=place.office.workspace,
        units_file=None if files is None else files.units,
        clients_file=files.clients if isinstance(files, Sources) else None,
        choices=USUAL if travel is None else travel.choices(),
    )


def leaving(study: Study, workspace: Location | None, rows: int) -> Leaving:
    """Log an answer that rests on client origins when it leaves."""
    command = doing()
    return lambda kind: note_export(study, workspace, command=f"{command} {kind}", rows=rows)


def provenance(study: Study, **asked: object) -> dict[str, object]:
    """Say what an answer stands on, so that it can be asked again."""
    return {
        "version": __version__,
        "asked": {
            "region": study.region.code,
            "units": study.units_source,
            **choices_asked(study.choices),
            "speeds": changed_speeds(study.speeds),
            **asked,
        },
        "roads": [roads_told(source) for source in study.roads.sources],
        "data": {name: entry.sha256[:16] for name, entry in entries().items()},
    }


def states_line(report: GapReport, lang: Language) -> str:
    """Say in one line how many are reached, and how many people live there."""
    summary = report.summary()
    known = summary["population"] is not None
    people = say(
        "cli.people" if known else "cli.people_unknown",
        lang,
        covered=summary["population_covered"] or 0,
        people=summary["population"] or 0,
    )
    states = say(
        "cli.states",
        lang,
        covered=summary["covered"],
        beyond=summary["beyond_cutoff"],
        cut_off=summary["not_connected"],
        units=summary["units"],
    )
    sums = [states, people]
    if "clients" in summary:
        sums.append(say("cli.clients_covered", lang, clients=summary["clients"], covered=summary["clients_covered"]))
    return " ".join(sums)


def units_changed(changes: UnitsChanged) -> UnitChanges:
    """Read ``--add``, ``--close`` and ``--move``.

    Raises
    ------
    InputError
        If a unit is moved twice.
    """
    units = [unit for unit, _ in changes.move]
    for unit in units:
        if units.count(unit) > 1:
            raise InputError(Message.of("whatif.moved_twice", unit=unit))
    return UnitChanges(each_of(changes.add), changes.close, dict(changes.move))


def each_of(given: Iterable[str]) -> list[str]:
    """Take several villages also from one word, parted by commas."""
    return [part.strip() for text in given for part in text.split(",") if part.strip()]
