"""Record what was seen in a village.

社区(村):登记现场核查结果。
"""
