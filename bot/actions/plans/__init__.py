"""What people do with requests and plans, and what planning does for them."""
