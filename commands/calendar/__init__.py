"""Show the calendar of working days, and enter what has been published since.

放假安排:查看、录入国务院办公厅新公布的放假日和调休上班日,先列出由此变动什么,再写明依据。
"""
