"""Talking to the server of the tests past the program."""


def administer(address: str, *statements: str) -> None:
    """Run statements in the server's own database, each by itself. `address` has {} for the name of a database."""
    import psycopg

    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
