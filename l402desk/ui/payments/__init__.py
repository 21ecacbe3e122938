"""The payments: every purchase, what it cost, what became of it, and what can be done about one that is open."""
