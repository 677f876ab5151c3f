"""How much of a file anything here is willing to read: one place for every bound."""

from __future__ import annotations

MOST_LINE_BYTES = 1024 * 1024
"""One line of a file that has one record a line."""
RATIO_FROM_BYTES = 64 * 1024 * 1024
"""Below this size a file may unpack to any multiple of itself: short texts repeat themselves."""
MOST_RATIO = 200
"""How many times its size on disk a larger file may unpack to."""
MOST_ARCHIVE_BYTES = 1024 * 1024 * 1024
"""What all files of a zip archive, a workbook being one, may unpack to together."""
MOST_ARCHIVE_FILES = 100_000
"""Files in a zip archive: a Slack export has one a channel and day."""
MOST_JSON_VALUE = 8 * 1024 * 1024
"""Characters of one message of a JSON export."""
MOST_TEXT = 100_000
"""Characters of one message that go into the log; ten times what any chat lets people send."""
