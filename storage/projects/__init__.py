"""The register's projects as people see them."""
