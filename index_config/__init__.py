"""What an index is: the normalization table and the word lists, as data, and the pure code that loads them."""
