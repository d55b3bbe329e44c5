"""What the API answers, written by hand: a column of a table never leaks by itself, and a shape only ever grows."""
