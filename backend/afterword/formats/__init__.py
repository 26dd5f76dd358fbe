"""What crosses the border: documents read into facts, timelines and events written for programs. Pure."""
