"""Outages of the portal before a due date: list them, extend equally for all towns, or decline.

门户中断:列出期限前的中断,给各乡镇(街道)同等延期,或不延期。
"""
