"""Close a stage early or open it again; first shows what that moves.

阶段:提前结束或重新开启,先列出由此变动什么,再写明理由。
"""
