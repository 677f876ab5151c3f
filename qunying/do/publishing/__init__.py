"""What was published: approved entries on their way into groups, and what came back of them."""
