"""How fast the search is, beside its peers on the same model: `python -m benchmarks`.

Everything here is measured from outside, as a user would: whole commands, their own reports, and
the peak memory that the operating system saw. It may not know how any of the engines works.
"""
