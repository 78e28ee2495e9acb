"""Run a county's yearly approval campaign.

高质量就业社区(村)建设活动的办理程序。 Start with: ./hqe rehearse
"""
