"""What several nodes do with text alike."""
