"""The year: rosters kept current, services recorded.

日常服务:启用、建立动态台账、登记变动、核实、查某日名单、看逾期、找遗漏、登记服务。
"""
