"""What the web server calls."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qunying.settings")
application = get_wsgi_application()


def _warm_up() -> None:
    from qunying.ground.figures.compiling import compile_catalogue  # noqa: PLC0415 - Django has to be started first

    compile_catalogue()


# The first to open a page with figures should not be the one who waits for their libraries to load.
Thread(target=_warm_up, daemon=True).start()
