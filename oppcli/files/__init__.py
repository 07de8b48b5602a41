"""Other programs' files: what they are written in, what their columns mean, and which rows cannot be taken.

`sheets` reads a file (`encodings` tells how), `mapping` says which column is what, `fit` compares both with the fields
there are, `reading` and `kinds` turn cells into values, `history` and `course` rows into what happened, `rejects`
writes down what was refused. Nothing here knows the database or the policy's file.
"""
