"""The pages' addresses, one file a subject. Every change is a use case of `service.desk`."""
