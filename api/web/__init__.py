"""The pages: server-rendered, no scripts, nothing fetched from elsewhere."""
