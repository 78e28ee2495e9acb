"""Look after people: alive during a campaign, and every change is audited.

人员:查看、导入、邀请、代理、外出、停用、启用、回避、复核。
"""
