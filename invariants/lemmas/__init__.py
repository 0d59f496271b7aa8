"""Lemmas: what has to be known of every state for a proof by induction to go through.

A lemma is an invariant that nobody would ask for by itself. `splitbrain prove` knows those of the
specs here by name (`--with`); a search does not judge them, so that they cost it nothing. They
import `checker`, and the specs they speak of.
"""
