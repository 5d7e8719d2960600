"""The operations of the service: functions that return the request of each, by the names of the OpenAPI document."""
