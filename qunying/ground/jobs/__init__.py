"""Long work in short steps, each with its checkpoint."""
