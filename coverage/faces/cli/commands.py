"""Which commands there are, and which words of a call mean what; what a command needs is imported once it is chosen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from inspect import BoundArguments

from cyclopts import App, CycloptsError
from cyclopts.argument import Argument

from coverage.faces.cli.wrong_calls import UsageError, no_command, told, unknown_command

PROGRAM = "jangkau"
COMMANDS: Mapping[str, str] = {
    "gaps": "gaps_command:run",
    "next": "next_command:run",
    "plan": "plan_command:run",
    "circuits": "circuits_command:run",
    "whatif": "whatif_command:run",
    "site": "siting_commands:run_site",
    "access": "access_command:run",
    "scenario run": "scenario_commands:run_run",
    "scenario compare": "scenario_commands:run_compare",
    "scenario save": "scenario_commands:run_save",
    "scenario list": "scenario_commands:run_list",
    "scenario remove": "scenario_commands:run_remove",
    "targets": "targets_command:run",
    "report": "report_command:run",
    "catchment": "catchment_command:run",
    "units": "place_commands:run_units",
    "od": "od_command:run",
    "route": "route_command:run",
    "villages": "place_commands:run_villages",
    "regions": "place_commands:run_regions",
    "visit": "visit_command:run",
    "ferry": "ferry_commands:run_ferry",
    "ferries": "ferry_commands:run_ferries",
    "speeds": "speeds_command:run",
    "workspace": "workspace_command:run",
    "roads fetch": "roads_commands:run_fetch",
    "roads import": "roads_commands:run_import",
    "roads info": "roads_commands:run_info",
    "roads remove": "roads_commands:run_remove",
    "data fetch boundaries": "boundary_commands:run_fetch",
    "import": "import_command:run",
    "template": "template_command:run",
}
"""What one types, and the function that answers it, in the order of the help."""


@dataclass(frozen=True)
class Command:
    """A command, or a group of commands where it has no arguments of its own."""

    words: tuple[str, ...]
    _app: App

    @property
    def typed(self) -> str:
        """What one types for it: ``jangkau roads fetch``."""
        return " ".join((PROGRAM, *self.words))

    @property
    def name(self) -> str:
        """Its name among the texts: ``roads_fetch``."""
        return "_".join(self.words)

    @property
    def run(self) -> Callable[..., None] | None:
        """What answers it; None for a group."""
        return self._app.default_command

    @cached_property
    def arguments(self) -> list[Argument]:
        """Its words and flags, those that the groups of its dataclass hold among them."""
        found = () if self.run is None else self._app.assemble_argument_collection()
        return [one for one in found if one.show and one.parse]

    @property
    def below(self) -> list[str]:
        """The commands of a group."""
        depth = len(self.words)
        paths = [tuple(typed.split()) for typed in COMMANDS]
        return list(dict.fromkeys(path[depth] for path in paths if path[:depth] == self.words and len(path) > depth))


@dataclass(frozen=True)
class Call:
    """A command with its values, ready to run."""

    command: Command
    _bound: BoundArguments

    def __call__(self, **more: object) -> None:
        """Answer it, with what is not read from words."""
        run = self.command.run
        if run is not None:
            run(*self._bound.args, **self._bound.kwargs, **more)


@cache
def _app() -> App:
    """Put the commands together once: neither their help nor what is wrong with a call is said here."""
    whole = App(name=PROGRAM, help_flags=(), version_flags=())
    groups: dict[tuple[str, ...], App] = {(): whole}
    for typed, function in COMMANDS.items():
        *above, word = typed.split()
        for depth in range(1, len(above) + 1):
            path = tuple(above[:depth])
            if path not in groups:
                groups[path] = App(name=path[-1], help_flags=(), version_flags=())
                groups[path[:-1]].command(groups[path])
        groups[tuple(above)].command(f"{__package__}.{function}", name=word)
    return whole


def chosen(words: Sequence[str]) -> tuple[Command, list[str]]:
    """Find the command that a call begins with, or the group, and the words after it."""
    typed, apps, rest = _app().parse_commands(list(words))
    return Command(typed, apps[-1]), list(rest)


def understood(words: Sequence[str]) -> Call:
    """Read a call.

    Raises
    ------
    UsageError
        If its words do not fit the command.
    PlannerError
        If a value cannot be read.
    """
    command, rest = chosen(words)
    if command.run is None:
        raise UsageError(unknown_command(rest[0], command.below) if rest else no_command(), command.typed)
    try:
        _, bound, _ = _app().parse_args(list(words), print_error=False, exit_on_error=False)
    except CycloptsError as error:
        raise UsageError(told(error, command.arguments, rest), command.typed) from error
    return Call(command, bound)
