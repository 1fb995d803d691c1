"""What every test shares: a home of its own, so that none reads or writes the user's files."""

import copy
import functools
import gc
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from coverage.ground import notices

# The same examples on every machine and no time limit: a slow computer is no fault of the code.
hypothesis.settings.register_profile("jangkau", max_examples=30, deadline=None, derandomize=True, print_blob=False)
hypothesis.settings.load_profile("jangkau")
# That a fault is noticed is enough for scripts/mutants.py; to make the example small may take minutes.
hypothesis.settings.register_profile(
    "unshrunk",
    hypothesis.settings.get_profile("jangkau"),
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)


def pytest_collection_finish() -> None:
    """Leave what collecting the tests made out of every later search for garbage: it lives as long as they run."""
    gc.collect()
    gc.freeze()


NETWORKS_KEPT = 6
"""Ordered networks that a process remembers: the provinces that most tests ask about."""


@pytest.fixture(scope="session", autouse=True)
def _home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JANGKAU_HOME", str(tmp_path_factory.mktemp("home")))
        for name in ("JANGKAU_WORKSPACE", "JANGKAU_ROLE", "JANGKAU_ROLES"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def flags_known() -> Iterator[None]:
    """Put together the flags of a command once: a call does so once, tests would for each of a thousand calls."""
    from cyclopts import App  # noqa: PLC0415 - most tests call no command
    from cyclopts.argument import ArgumentCollection  # noqa: PLC0415 - see above

    put_together = App.assemble_argument_collection
    known: dict[int, tuple[App, ArgumentCollection]] = {}

    def copied(app: App, **how: object) -> ArgumentCollection:
        if id(app) not in known:
            known[id(app)] = app, put_together(app, **how)
        _, whole = known[id(app)]
        copies = {id(one): copy.copy(one) for one in whole}
        for one in copies.values():
            one.tokens = []
            one.children = ArgumentCollection([copies[id(child)] for child in one.children])
        return ArgumentCollection(copies.values())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(App, "assemble_argument_collection", copied)
        yield


@pytest.fixture(scope="session", autouse=True)
def _networks_eliminated_once() -> Iterator[None]:
    """Put the nodes of a network in order once: a command does so once, tests ask hundreds about one province."""
    from coverage.travel import hub_labels  # noqa: PLC0415 - see above

    eliminate = hub_labels._eliminate
    known: dict[str, object] = {}

    def once(arcs: hub_labels.Arcs) -> object:
        sizes = (array.tobytes() for array in (arcs.tail, arcs.head, arcs.minutes, arcs.km))
        mark = hashlib.sha256(b"".join([str(arcs.nodes).encode(), *sizes])).hexdigest()
        if mark not in known:
            if len(known) >= NETWORKS_KEPT:
                del known[next(iter(known))]
            known[mark] = eliminate(arcs)
        return known[mark]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hub_labels, "_eliminate", once)
        yield


@pytest.fixture(autouse=True)
def _nothing_left_to_say() -> Iterator[None]:
    """Let no test hear what another was to be told of the computer: it waits for whoever looks next."""
    yield
    notices.take()


@pytest.fixture(scope="session")
def components_known() -> Iterator[None]:
    """Let Streamlit look through the installed packages for components once, not at every run of a page."""
    from streamlit.components.v2 import manifest_scanner  # noqa: PLC0415 - most tests need no Streamlit

    with pytest.MonkeyPatch.context() as patch:
        once = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real test material beside the repository, or ``JANGKAU_SHARED``; skips where it is absent."""
    chosen = os.environ.get("JANGKAU_SHARED")
    folder = Path(chosen) if chosen else Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip(f"no real test material in {folder}")
    return folder


@pytest.fixture
def no_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let safe tables be made without their secret steps, so that what they are made of can be foretold."""
    from coverage.places.importing import import_clients  # noqa: PLC0415 - most tests need no tables

    monkeypatch.setattr(import_clients, "keyed_noise", lambda _key, _counts: lambda _area: 0)
