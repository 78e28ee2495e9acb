"""Reading a workbook into located cells."""
