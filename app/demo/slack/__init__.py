"""The demo workspace's Slack: its Web API and its OAuth."""
