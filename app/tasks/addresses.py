"""The names the tasks API answers under; `.invalid` is reserved (RFC 2606), so no such host exists anywhere else."""

TASKS_HOST, ISSUER_HOST = "tasks.valet.invalid", "id.valet.invalid"
AUDIENCE, ISSUER = f"https://{TASKS_HOST}", f"https://{ISSUER_HOST}/"
