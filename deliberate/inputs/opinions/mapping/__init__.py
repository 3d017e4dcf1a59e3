"""The engine of the opinion map: plain numbers in, plain numbers out; no database, no web.

The mathematics is that of Polis (Small, Bjorkegren, Erkkilä, Shaw, Megill: Polis: Scaling deliberation by mapping high
dimensional opinion spaces, 2021), made independent of the order in which votes arrived.
"""
