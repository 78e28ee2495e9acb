"""A workbook as a file: guarded, unpacked, changed byte by byte."""
