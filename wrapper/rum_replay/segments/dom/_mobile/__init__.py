"""The screens of mobile apps: wireframes become elements of the page.

Made from the schemas that Datadog publishes and from the open source of its mobile SDKs, because no recording of an app
was available.
"""
