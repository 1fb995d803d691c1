"""The flags of ``jangkau site``: what is sought, where, for how much, and how it is told."""

from pathlib import Path
from typing import Annotated

from coverage.answers.siting.models.all_models import MODELS
from coverage.answers.siting.question import CANDIDATE_KINDS, Question
from coverage.faces.cli.flag_values import given_file, read_limit, read_number, read_rupiah
from coverage.faces.cli.flags import (
    Codes,
    Minutes,
    Office,
    Output,
    Some,
    Sources,
    Switch,
    Travel,
    UnitsChanged,
    flag,
    flag_group,
)

_USUAL = Question()
_Rupiah = Annotated[float | None, flag(read_rupiah, metavar="RUPIAH")]


@flag_group
class Money:
    """What new units may cost."""

    budget: _Rupiah = None
    cost: _Rupiah = None
    costs: Annotated[Path | None, flag(given_file, metavar="FILE")] = None


@flag_group
class Candidates:
    """Where new units may stand, and where they must."""

    candidates: Annotated[str, flag(choices=CANDIDATE_KINDS)] = _USUAL.candidates
    vulnerability: Annotated[tuple[str, ...], flag(metavar="KELAS")] = ()
    served_by: Annotated[str, flag(metavar="UNIT")] = _USUAL.served_by
    only: Codes = ()
    lock: Codes = ()
    exclude: Codes = ()
    one_per_regency: Switch = False
    min_spacing_min: Minutes = _USUAL.spacing_min


@flag_group
class Sought:
    """What is sought among candidates, and how long."""

    model: Annotated[str | None, flag(choices=MODELS)] = None
    n: Annotated[int | None, flag(read_limit, metavar="N")] = None
    money: Money = Money()
    cutoff: Minutes = _USUAL.cutoff_min
    alternatives: Annotated[int, flag(read_limit, metavar="K")] = _USUAL.alternatives
    candidates: Candidates = Candidates()
    capacity: Some = None
    connected_only: Switch = False
    time_limit: Annotated[float, flag(read_number, metavar="DETIK")] = _USUAL.seconds


@flag_group
class Site:
    """The flags of ``jangkau site``; it asks of a region, or else of a published instance."""

    office: Office = Office()
    region: Annotated[str | None, flag(metavar="KODE")] = None
    sources: Sources = Sources()
    travel: Travel = Travel()
    changed: UnitsChanged = UnitsChanged()
    sought: Sought = Sought()
    instance: Annotated[Path | None, flag(Path, metavar="FILE")] = None
    save: Annotated[Path | None, flag(Path, metavar="NAME.toml", text="site_save")] = None
    robustness: Switch = False
    written: Output = Output()
