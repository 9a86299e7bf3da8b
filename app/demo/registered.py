"""The clients registered with the demo workspace, by which Valet is known there. Law: importing it loads nothing."""

CLIENT_ID = "valet-demo.apps.example"
CLIENT_SECRET = "demo-not-a-secret"  # noqa: S105 - an installed app's secret is none, and this one is of no service
SLACK_CLIENT_ID = "1000000000001.2000000000002"
