"""The pictures of the README, made from what Orchestra really sends."""
