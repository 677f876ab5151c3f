"""Makes the environment in .venv from the lock: `python3 tools/setup.py`, on a bare Debian or macOS."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BUILT = ROOT / "qunying" / "static" / "vendor" / ".stamp"
UV = "uv>=0.8,<1"


def main() -> int:
    """Make or refresh the environment; exit code 1 with one sentence where something is missing."""
    if trouble := _missing():
        sys.stderr.write(f"{trouble}\n")
        return 1
    if not (VENV / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    return _sync(_uv())


def _missing() -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if sys.version_info < (3, 11):  # noqa: UP036 - this program is the one that finds out
        return f"Qunying needs Python 3.11 or newer; this is {version}. Name a newer one: make setup PYTHON=python3.12"
    if importlib.util.find_spec("ensurepip") is None and not (VENV / "bin" / "python").exists():
        return "Python's venv is missing here. On Debian or Ubuntu: apt install python3-venv, then make setup again."
    return ""


def _uv() -> list[str]:
    """The command that runs uv inside the environment, installed there when it is not yet."""
    python = str(VENV / "bin" / "python")
    if not (VENV / "bin" / "uv").exists():
        if subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
            subprocess.run([python, "-m", "ensurepip"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV], check=True)
    return [str(VENV / "bin" / "uv")]


def _sync(uv: list[str]) -> int:
    rebuild = [] if BUILT.exists() else ["--reinstall-package", "qunying"]
    environment = os.environ | {"VIRTUAL_ENV": str(VENV), "UV_PROJECT_ENVIRONMENT": str(VENV)}
    # Compiled once here, or every command and test would read three hundred packages as text again.
    command = [
        *uv,
        "sync",
        "--frozen",
        "--inexact",
        "--compile-bytecode",
        "--python",
        str(VENV / "bin" / "python"),
        *rebuild,
    ]
    if failed := subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        return failed
    # Ours too: where PYTHONDONTWRITEBYTECODE is set, as in images of Python, nothing else ever compiles it.
    compiling = [str(VENV / "bin" / "python"), "-m", "compileall", "-q", "qunying"]
    return subprocess.run(compiling, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
