"""Small jobs on text files, lists of things to do, and folders of them."""
