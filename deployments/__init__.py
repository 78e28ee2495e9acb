"""When and where: server, worker and ringer, the local stack."""
