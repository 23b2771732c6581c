"""Small everyday jobs, read to their last word: kinds of jobs, their slots, their drafts."""
