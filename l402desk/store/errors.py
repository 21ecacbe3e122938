# ruff: noqa: N818 - these are named for what happened, and ``StoreError`` says what they are
"""What can go wrong with the app's own file, its seals and the key that opens them, in the app's words."""

from __future__ import annotations


class StoreError(Exception):
    """The machine failed us: disk, file, keyring or passphrase. Never the peer's doing.

    ``sentence`` says what happened and why, ``remedy`` what to do; ``str(error)`` is both. Neither holds a
    secret.
    """

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(f"{sentence} {remedy}")
        self.sentence = sentence
        self.remedy = remedy


class DiskFull(StoreError):
    """Nothing was written: the disk, or the quota on it, is full."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was saved, because the disk is full.",
            "Free some space and try again; no payment starts before this works.",
        )


class DiskFailed(StoreError):
    """Nothing was written: the disk answered with an error."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was saved, because the disk reported an error.",
            "Check the disk and its free space, then try again; no payment starts before this works.",
        )


class ReadOnly(StoreError):
    """The file or its folder cannot be written or opened."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The app may not write to its own file {where}.",
            "Make the file and its folder yours and writable, or set L402DESK_HOME to another folder.",
        )


class NotPrivate(StoreError):
    """The folder is open to others and cannot be made private."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            f"The app keeps no secrets in {where}, because {why}.",
            "Set L402DESK_HOME to a folder that belongs to you alone.",
        )


class Damaged(StoreError):
    """The file is no database of this app, or its pages are broken. It is left exactly as it is."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The file {where} is damaged or not one of this app's. It was left untouched.",
            "Put your last backup in its place, and keep the damaged one: much of it can be rescued.",
        )


class Busy(StoreError):
    """Another process holds the file for longer than anyone should have to wait."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was saved, because another program is holding the app's file.",
            "Close other windows and commands of the app, or a running backup, and try again.",
        )


class Newer(StoreError):
    """The file was written by a later version of the app. It is left exactly as it is."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The file {where} was written by a newer version of this app. It was left untouched.",
            "Update the app, or set L402DESK_HOME to another folder.",
        )


class SealBroken(StoreError):
    """A sealed value is not what was sealed in this place: changed, moved, cut short, or of another vault."""

    def __init__(self) -> None:
        super().__init__(
            "A sealed secret does not open: it was changed, or belongs somewhere else.",
            "Restore the file from a backup; the app does not use what it cannot verify.",
        )


class KeyUnavailable(StoreError):
    """The vault's key cannot be had now. The sealed data is intact and waits for it."""


class VaultClosed(KeyUnavailable):
    """The vault was locked while something still wanted to use it."""

    def __init__(self) -> None:
        super().__init__("The vault is locked.", "Unlock it and try again; nothing was lost.")


class InUse(StoreError):
    """Another process has the file open, and what was asked for needs it alone."""

    def __init__(self) -> None:
        super().__init__(
            "Another window or command of the app is using this vault, so nothing was changed.",
            "Close it, or wait until it has ended, and try again.",
        )


class KeysChanged(StoreError):
    """The way the vault is opened was changed elsewhere since it was looked at."""

    def __init__(self) -> None:
        super().__init__(
            "The vault's keys were changed in another window meanwhile, so nothing was changed here.",
            "Lock the vault, unlock it again, and try once more.",
        )


class WrongRecoveryCode(KeyUnavailable):
    """The code is no recovery code, has a typing error, or is of another vault or an older key."""

    def __init__(self, *, mistyped: bool) -> None:
        if mistyped:
            super().__init__(
                "This is not a whole recovery code.",
                "It has seven groups of five letters and digits. Compare each group with what you wrote down.",
            )
        else:
            super().__init__(
                "This recovery code does not open the vault.",
                "It belongs to another vault, or a newer code or a new key has replaced it. Nothing was changed.",
            )


class KeyringUnavailable(KeyUnavailable):
    """This computer has no keyring that the app trusts, or it does not answer properly."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"There is no usable keyring: {why}.",
            "Start your desktop's keyring (GNOME Keyring, KWallet), or protect the vault with a passphrase.",
        )


class KeyringLocked(KeyUnavailable):
    """The keyring is there, and was not unlocked."""

    def __init__(self, keyring: str) -> None:
        super().__init__(
            f"The keyring ({keyring}) is locked, so the vault stays closed. Nothing is lost.",
            "Unlock the keyring, usually with your login password, and try again.",
        )


class KeyringTimeout(KeyUnavailable):
    """The keyring did not answer in time; it may be asking for its password in a window of its own."""

    def __init__(self, keyring: str, seconds: float) -> None:
        super().__init__(
            f"The keyring ({keyring}) did not answer within {seconds:g} seconds. Nothing is lost.",
            "Look for a password window of the keyring, possibly behind others, answer it, and try again.",
        )


class KeyringItemLost(KeyUnavailable):
    """There is a vault, and the keyring does not hold the key to it. No new key is ever made over an old
    vault.
    """

    def __init__(self, *, sealed_by: str, asked: str, found_another: bool = False) -> None:
        found = "holds another key under its name" if found_another else "does not hold it"
        moved = "" if sealed_by == asked else f" Its key was put into {sealed_by}."
        super().__init__(
            f"The vault is sealed, and the keyring ({asked}) {found}.{moved} The vault is left untouched.",
            "Bring that keyring back, use your recovery code, or restore a backup.",
        )


class WrongPassphrase(KeyUnavailable):
    """The passphrase does not open the vault."""

    def __init__(self) -> None:
        super().__init__(
            "This passphrase does not open the vault.",
            "Check capital letters and the keyboard's language, and try again. Nothing was changed.",
        )


class PassphraseNeeded(KeyUnavailable):
    """The vault is sealed under a passphrase, or has to be for want of a keyring, and none was given."""

    def __init__(self, *, exists: bool) -> None:
        why = "is protected by a passphrase" if exists else "needs a passphrase, because no keyring is used"
        super().__init__(
            f"The vault {why}.",
            "Type it, or name a file that holds it in L402DESK_PASSPHRASE_FILE.",
        )


class PassphraseNotUsed(KeyUnavailable):
    """A passphrase was given, and the vault is sealed by a keyring, which is not asked then."""

    def __init__(self, sealed_by: str) -> None:
        super().__init__(
            f"A passphrase was given, but this vault's key is in the keyring ({sealed_by}).",
            "Start the app without L402DESK_PASSPHRASE_FILE, or with another L402DESK_HOME.",
        )


class NoBackup(StoreError):
    """The file is something else."""

    def __init__(self) -> None:
        super().__init__(
            "This file is no backup made by this app. Nothing was changed.", "Choose another file, named …l402backup."
        )


class BackupNewer(StoreError):
    """A later version of the app made it."""

    def __init__(self) -> None:
        super().__init__(
            "This backup was made by a newer version of this app. Nothing was changed.", "Update the app and try again."
        )


class BackupDamaged(StoreError):
    """It was cut off, changed, or never written whole."""

    def __init__(self) -> None:
        super().__init__(
            "This backup is damaged: it was cut off or changed. Nothing was changed here.",
            "Try another copy of it, or an older backup.",
        )


class WrongBackupPassphrase(StoreError):
    """The passphrase given is not the one the backup was made with."""

    def __init__(self) -> None:
        super().__init__(
            "This passphrase does not open the backup. Nothing was changed.",
            "It is the one that was chosen when the backup was made, which need not be the vault's.",
        )


class BackupExists(StoreError):
    """There is a file of that name already."""

    def __init__(self, where: str) -> None:
        super().__init__(f"There is a file {where} already, and it was left as it is.", "Choose another name.")


class BackupUnreadable(StoreError):
    """There is no such file, or it may not be read."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The file {where} cannot be read. Nothing was changed.",
            "Check that it is there and that you may read it.",
        )


class BackupNotWritten(StoreError):
    """The place that was chosen takes no file."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The backup could not be written to {where}.", "Choose a folder that exists and that you may write to."
        )
