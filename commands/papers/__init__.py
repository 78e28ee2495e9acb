"""Make papers from Word templates, list their editions, write them to files.

文书:由 Word 模板生成、列出各版、存为文件。
"""
