"""What a community is to reach, by when, by whom: goals in a tree, with their baselines and revisions."""
