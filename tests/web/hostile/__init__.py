"""Text and documents written to do harm, and a desk that is full of them. All of it is made up by ourselves.

What runs sets `window.__hit`; what reaches out asks for a file of `evil.example`; what becomes an element bears
`data-evil`. None of the three may ever be seen.
"""
