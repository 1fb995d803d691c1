"""Copies, renews and reads workspaces, each in a process forked from one that has everything loaded.

Each line of the input is a work with its words: ``backup PLACE TARGET``, ``migrate PLACE`` (the first write to a file
of an older form), ``plan PLACE BASE``. The answer is ``child PID``, ``done`` where it was not killed, and ``gone``.
"""

import contextlib
import datetime as dt
import io
import os
import signal
import sys
from pathlib import Path

from coverage.faces.cli import main
from coverage.places.workspace import Workspace

VILLAGE = "16.73.08.1006"


def backup(place, target):
    Workspace.open(Path(place)).backup(Path(target))


def migrate(place):
    Workspace.open(Path(place)).record_visit(VILLAGE, dt.date(2023, 5, 5), team="Tim baru")


def plan(place, base):
    words = ["plan", "--region", "16.73", "--base", base, "--days", "1", "--from", "2025-03-03", "--iterations", "50"]
    with contextlib.redirect_stdout(io.StringIO()):
        main([*words, "-w", place])


for line in sys.stdin:
    work, *given = line.rstrip("\n").split("\t")
    child = os.fork()
    if not child:
        try:
            {"backup": backup, "migrate": migrate, "plan": plan}[work](*given)
            os.write(1, b"done\n")
            signal.pause()
        finally:
            os._exit(1)
    os.write(1, f"child {child}\n".encode())
    os.waitpid(child, 0)
    os.write(1, b"gone\n")
