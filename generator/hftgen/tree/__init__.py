"""A rendered tree on disk: what would change, and changing it in one transaction.

    output/
        .hftgen-staging/    while a render is at work, see transaction.py
        production/         one environment
            .hftgen         the marker: the folder is hftgen's
        repository/         what belongs to all environments

    target.check_target → lock.lock → transaction.recover → changes.compare → transaction.apply

Nothing is imported here: a render that has nothing to do needs only target.
"""
