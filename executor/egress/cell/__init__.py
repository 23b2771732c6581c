"""What holds a program: the launcher, and what it does before it becomes the program."""
