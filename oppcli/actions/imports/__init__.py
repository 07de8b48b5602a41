"""Import: a CSV file and a mapping file → deals or people, every row checked, nothing twice.

`sheet` reads the file (`encoding` tells how), `mapping` the mapping, `fit` compares both with the policy, `reading`
and `kinds` turn cells into values, `deals` and `users` rows into what they say, `taking` and `merge` that into changes.
"""
