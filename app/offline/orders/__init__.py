"""What changes something: what it acts on, what it says, when it is, and the calls it comes to."""
