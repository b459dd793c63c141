"""Work on many sessions, one at a time and anywhere: what there is, which files belong together, who works on them.

The parent lists files and finds out which session each is of; a worker opens the files of one session, and what it
makes of them comes back as a small value. Nothing depends on who worked on what, or in which order it came back.
"""
