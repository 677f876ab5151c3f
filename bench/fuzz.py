"""10,000 requests that schemathesis makes up from the API's description: `python -m bench.fuzz`.

Ends badly at the first fault of ours (5xx) and at the first answer that the description does not know.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run the test of the suite with so many requests."""
    environment = os.environ | {"QUNYING_FUZZ": sys.argv[1] if len(sys.argv) > 1 else "10000"}
    command = [sys.executable, "-m", "pytest", "tests/doors/api/test_fuzz.py", "-q", "-s", "-n", "0"]
    return subprocess.run(command, env=environment, cwd=Path(__file__).parent.parent, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
