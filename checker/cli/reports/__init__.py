"""The gate's report in the formats of others: JUnit, SARIF, Markdown, GitHub, GitLab.

Each format is a pure function of the same `Suite`s, and may know nothing of the other formats.
Only `run` reads and writes files; nothing here runs a check.
"""
