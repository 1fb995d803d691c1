"""Heavy computing beside a server: in processes of their own, a few at a time, watched and stopped."""
