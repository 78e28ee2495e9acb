"""Planning of visits: what is to be planned, a solver where one is installed, the plan as rows, signatures."""
