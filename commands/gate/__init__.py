"""See what waits for a decision; decide with your own one-time code.

审批点:查看待办审批,凭本人授权码作出决定。
"""
