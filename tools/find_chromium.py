"""Finds a Chromium for the browser tests, or installs one: `python -m tools.find_chromium --install`."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

LAUNCH_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""For a headless Chromium that may run as root and talks to nobody by itself."""

_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_chromium() -> str | None:
    """The path of a Chromium: what CHROMIUM names, an installed one, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    found = [path for path in map(shutil.which, _COMMANDS) if path]
    found += [path for path in (*_APPLICATIONS, _playwrights_own()) if Path(path).exists()]
    return found[0] if found else None


def _playwrights_own() -> str:
    """Where Playwright would keep its Chromium; asked in another process, for it starts an event loop."""
    script = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "/nonexistent"


def install_chromium() -> None:
    """Install one: by apt where that is allowed, else Playwright's own; may fail, and says why on stderr."""
    if platform.system() == "Linux" and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-q"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-q", "chromium", "fonts-noto-cjk"], check=False)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    """Print the path; with --install, install one first where there is none."""
    path = find_chromium()
    if path is None and "--install" in sys.argv[1:]:
        install_chromium()
        path = find_chromium()
    if path is None:
        sys.stderr.write(
            "There is no Chromium here and none could be installed: the browser tests will be skipped.\n"
            "Install it (Debian: apt install chromium; macOS: Google Chrome), or set CHROMIUM to its path.\n"
        )
        return 0
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
