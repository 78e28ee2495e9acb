"""The award ledger: show a village, enter results from above, confirm payments.

奖补台账:查看、登记上级结果、登记发放。
"""
