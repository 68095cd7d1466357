"""Every error a person can meet, as one tree.

FresqueError                     1  unexpected, the base of all
├── UsageError                   2  the command cannot mean anything
├── ArchiveError                 3  the archive as a whole
│   ├── ArchiveMissing           3  no archive at that place
│   ├── ArchiveExists            3  there is one already
│   ├── ArchiveMoved             3  it is somewhere else now
│   ├── Untrusted                3  a bag that no lab known here has signed
│   ├── ArchiveTooNew            3  written by a later version of Fresque
│   ├── ArchiveBusy              4  another process holds the write lock
│   └── LeaseLost                4  another worker has taken the photo over
├── NotFound                     5  a session, photo, board or blob that is not there
├── DamagedBlob                  6  bytes that no longer match their digest
│   └── DamagedBag               6  a backup that is not what its manifest says
├── BatchPartlyFailed            7  some photos of a batch failed, the rest is done
├── MissingDependency            8  a program, model or language that is not installed
├── IndexFault                   9  the index cannot answer
│   └── IndexMismatch            9  built with another schema, analysis or model
├── BadQuery                    10  a query that cannot be understood
├── ClusterLost                 12  the scheduler that hands out the work does not answer
├── Stopped                    130  a person or the system asked to stop
└── PhotoError                  11  one file that cannot be taken in
    ├── NotAnImage              11  the bytes are no image format we read
    ├── EmptyFile               11  no bytes
    ├── DamagedImage            11  truncated or corrupt
    ├── ImageTooLarge           11  over the pixel limit
    ├── UnreadableFile          11  a folder, a broken link, no right to read
    └── Forgotten               11  destroyed on purpose, and to stay so

The number is the exit code of the command line. Every class carries a hint: what to do next.
"""

from __future__ import annotations


class FresqueError(Exception):
    """Base of every error meant for a person: ``message`` says what happened to what, ``hint`` what to do.

    ``exit_code`` is what the command line exits with.
    """

    exit_code = 1
    hint = ""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if hint is not None:
            self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(FresqueError):
    exit_code = 2


class ArchiveError(FresqueError):
    exit_code = 3


class ArchiveMissing(ArchiveError):
    hint = "make one with 'fresque init DIR', or name it with --archive or FRESQUE_ARCHIVE"


class ArchiveExists(ArchiveError):
    hint = "use it as it is, or choose an empty folder"


class ArchiveMoved(ArchiveError):
    hint = "name that place; to stay here after all, delete the line 'moved' of its fresque.toml"


class Untrusted(ArchiveError):
    hint = "'fresque signer add LAB KEY' makes its key known; 'fresque merge --unsigned' takes it in all the same"


class ArchiveTooNew(ArchiveError):
    hint = "install the version of Fresque that wrote it, or a later one"


class ArchiveBusy(ArchiveError):
    exit_code = 4
    hint = "another process is writing; try again in a moment"


class LeaseLost(ArchiveError):
    exit_code = 4
    hint = "another worker has taken it over; there is nothing to do"


class NotFound(FresqueError):
    exit_code = 5


class DamagedBlob(FresqueError):
    exit_code = 6
    hint = "bring the original back from a backup"


class DamagedBag(DamagedBlob):
    hint = "use an earlier backup, and check the disk it lies on"


class BatchPartlyFailed(FresqueError):
    exit_code = 7
    hint = "'fresque status' lists the failures and their reasons"


class MissingDependency(FresqueError):
    exit_code = 8
    hint = "'fresque doctor' says what is missing and how to install it"


class IndexFault(FresqueError):
    exit_code = 9
    hint = "'fresque index rebuild' makes it anew from the archive"


class IndexMismatch(IndexFault):
    pass


class BadQuery(FresqueError):
    exit_code = 10


class Stopped(FresqueError):
    exit_code = 130  # what shells say of a program that Ctrl-C ended
    hint = "the same command goes on from there"


class ClusterLost(FresqueError):
    exit_code = 12
    hint = "nothing is lost: the same command goes on when it answers again"


class PhotoError(FresqueError):
    exit_code = 11


class NotAnImage(PhotoError):
    hint = "Fresque takes JPEG, PNG, HEIC, WebP, TIFF, GIF, BMP, PDF, PPTX, DOCX, Markdown, text, and zips of them"


class EmptyFile(PhotoError):
    hint = "copy it again from the phone or the card"


class DamagedImage(PhotoError):
    hint = "copy it again from the phone or the card"


class ImageTooLarge(PhotoError):
    hint = "scale it down, or raise the limit with FRESQUE_MAX_PIXELS"


class UnreadableFile(PhotoError):
    pass


class Forgotten(PhotoError):
    hint = "it cannot come back; if it must, ask the administrator to lift its tombstone"
