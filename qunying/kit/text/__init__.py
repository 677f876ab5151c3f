"""Chinese text as people write it to be found, and as they write it not to be: folding, finding, likeness."""
