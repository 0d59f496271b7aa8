"""Small examples, to learn the language by and to test the engines with."""
