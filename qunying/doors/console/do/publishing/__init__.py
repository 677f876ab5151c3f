"""Publications: approved entries on their way into groups, how each group fared, and what came back."""
