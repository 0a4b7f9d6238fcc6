"""The pages' endpoints."""
