"""Cards as each platform draws them, and what stays true of them."""
