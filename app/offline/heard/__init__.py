"""What the trained model hears in a request, made into calls.

Law: the model says which tool is meant and which words fill what; what these words stand for, a time, a thing, a name,
is told by typed rules, and what cannot be told is asked, or said to be left out.
"""
