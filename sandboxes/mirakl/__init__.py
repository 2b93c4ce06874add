"""A strict stand-in for the seller API of Mirakl Marketplace Platform: OF01 to OF03, OF21, OF22, OF52 to OF54, OR04,
OR11, OR13 to OR15, OR21, OR23, OR24, PC01, RE01, SH21, ST01, ST11, ST23, ST24, STO01 to STO03, V01.

Its rules come from Mirakl's public documentation; where that is silent, one behaviour was chosen and its docstring
says so. It keeps its own books, and nothing in it is taken from the bridge.
"""
