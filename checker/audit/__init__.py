"""`check --audit`: what a spec says in vain. It may not know who prints it, nor how.

It asks the engines, and knows nothing of their insides.
"""
