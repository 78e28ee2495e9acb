"""Confirm a town's survey, receive its paper copies.

乡镇(街道):确认调查摸底,签收纸质材料。
"""
