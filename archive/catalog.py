"""The records of an archive, behind one door; each part is a file of its own.

Every method is one transaction: it sees one state of the catalogue, and what it writes is on the disk when it
returns, or not there at all.
"""

from __future__ import annotations

from archive.accounts import AccountRecords
from archive.audit import AuditLog
from archive.belonging import BelongingRecords
from archive.boards import BoardRecords
from archive.changes import ChangeFeed
from archive.commit import CommitRecords
from archive.corrections import CorrectionRecords
from archive.counts import CountRecords
from archive.faces import FaceRecords
from archive.figures import FigureRecords
from archive.files import FileRecords
from archive.lookalikes import LookalikeRecords
from archive.materials import MaterialRecords
from archive.mending import MendingRecords
from archive.person import PersonRecords
from archive.photos import PhotoRecords
from archive.readings import ReadingRecords
from archive.recipes import RecipeRecords
from archive.said import SaidRecords
from archive.selection import SelectionRecords
from archive.sessions import SessionRecords
from archive.settled import SettledRecords
from archive.signers import SignerRecords
from archive.tombstones import TombstoneRecords
from archive.trained import TrainedRecords
from archive.trash import TrashRecords
from archive.vocabulary import ThemeRecords
from archive.walls import WallRecords


class Catalog(
    SessionRecords,
    PhotoRecords,
    FileRecords,
    LookalikeRecords,
    CommitRecords,
    BoardRecords,
    CorrectionRecords,
    FaceRecords,
    MaterialRecords,
    RecipeRecords,
    ReadingRecords,
    SelectionRecords,
    CountRecords,
    FigureRecords,
    ChangeFeed,
    AuditLog,
    SignerRecords,
    TombstoneRecords,
    MendingRecords,
    PersonRecords,
    TrashRecords,
    BelongingRecords,
    AccountRecords,
    SaidRecords,
    SettledRecords,
    ThemeRecords,
    WallRecords,
    TrainedRecords,
):
    """Sessions, photos, boards, corrections, materials, recipes, and the feed of what changed."""
