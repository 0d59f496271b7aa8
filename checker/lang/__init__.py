"""The language: Python in, model out.

Architecture invariant: nothing here knows how a model is searched, or that engines exist.
"""
