"""What the doctor looks at on the machine and in Prefect."""
