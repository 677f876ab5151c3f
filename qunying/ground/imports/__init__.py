"""Files in: importers, dry runs, resumption and rejection reports."""
