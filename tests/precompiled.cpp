// Gives the precompiled header of the tests a file that uses it.
