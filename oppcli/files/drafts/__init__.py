"""A mapping drafted from the first rows of a file: which column is what, each line with its reason as a comment.

`sample` reads the rows, `names` knows what columns are called elsewhere, `forms` how dates and numbers are written,
`fitting` whether the cells of a column fit a field, `stages` which stage is meant, `placing` puts columns to fields,
`writing` makes the text. What the cells do not decide is a `?` in the text, and somebody has to say what it is.
"""
