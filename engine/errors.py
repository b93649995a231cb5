"""All errors that On Record raises on purpose.

    OnRecordError
    +-- UsageError            the caller asked for something that cannot be (bad option, bad value)
    |   +-- SettingsError     an environment variable or option is unknown or malformed
    |   +-- QueryError        a filter, cursor or limit that cannot be understood
    +-- InputError            something that was to be read cannot be (named, with its line)
    |   +-- RegistryError     index_config/speakers.yaml is malformed at a line
    +-- NotFoundError         no such article, statement or speaker
    +-- ModelError            weights missing, damaged, or not the ones the store was built with
    |   +-- ModelMismatchError
    +-- StoreError            the store could not do what it was asked
        +-- StoreUnavailableError   no answer: away, refused, timed out
        +-- StoreConflictError      busy, locked, or changed under us
        +-- StoreVersionError       made by another version; says which command mends it

The core knows no HTTP and no exit codes: `api/problems.py` maps these to statuses, the command line to exit codes.
"""


class OnRecordError(Exception):
    """Base of the tree. The message says what, which one, and what to do."""


class UsageError(OnRecordError):
    """The caller asked for something that cannot be."""


class SettingsError(UsageError):
    """An environment variable or option is unknown or malformed."""


class QueryError(UsageError):
    """A filter, cursor or limit that cannot be understood."""


class InputError(OnRecordError):
    """Something that was to be read cannot be."""


class RegistryError(InputError):
    """The speaker registry is malformed; the message names the line."""


class NotFoundError(OnRecordError):
    """No such article, statement or speaker."""


class ModelError(OnRecordError):
    """Model weights are missing or damaged."""


class ModelMismatchError(ModelError):
    """The store was built with another model; the message names the command that rebuilds."""


class StoreError(OnRecordError):
    """The store could not do what it was asked."""


class StoreUnavailableError(StoreError):
    """The store gave no answer."""


class StoreConflictError(StoreError):
    """The store is busy or was changed by another writer."""


class StoreVersionError(StoreError):
    """The store was made by another version of On Record; the message says what mends it."""
