"""`python -m qunying.doors.cli` is `qunying`."""

from qunying.doors.cli.main import run

run()
