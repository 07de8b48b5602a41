"""What would make a careful auditor look twice: one function per kind of risk, over facts that are already gathered."""
