"""What drive_retrieval is made of: finding, fetching, reading apart, and summing up documents."""
