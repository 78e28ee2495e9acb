"""Hold rosters against the bureau's own business data.

业务数据:导入社保、失业登记等数据,与花名册逐人对照。
"""
