"""Calls: held on their own page, noted by several at once, ended into what they leave behind."""
