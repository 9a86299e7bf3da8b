"""Reading mail: fetching in bulk, cleaning, judging, and the findings that say it. Support of gmail_summary."""
