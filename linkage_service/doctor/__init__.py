"""Is this deployment as it should be? One `SelfCheck` for each thing that was looked at.

    home        who may read keys, passphrases and folders; is the key unlocked
    unsafe      settings that work and should not be used
    parts       database, store, keystore, roster, clock and disk, as `/ready` judges them
    workers     whether somebody works on the runs that are under way
    address     the service by its public URL, with a signed request
    backups     the age of the newest backup

Nothing is changed: the database is opened for reading, and no file or folder is made.
"""

from linkage_service.doctor.examining import Deployment, examine

__all__ = ["Deployment", "examine"]
