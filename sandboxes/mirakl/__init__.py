"""A strict stand-in for the seller API of Mirakl Marketplace Platform: OR11, OR13, OR14, OR15, OR21, PC01, V01.

Its rules come from Mirakl's public documentation; where that is silent, one behaviour was chosen and its docstring
says so. It keeps its own books, and nothing in it is taken from the bridge.
"""
