"""All SQL, and the little Python that runs it."""
