package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.Invariant;
import dev.loam.core.VaultId;
import dev.loam.crypto.SlotSecret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an audit trail tells of: who came to the keys, who came to be a member, what left the store
 * and what was thrown away. Ids, numbers and moments; never a text, key, tag or name of somebody's.
 */
public sealed interface AuditEvent {
    /** An id of a backup or of a purge has at most so many bytes. */
    int ID_BYTES_MAX = 64;

    /** Of the vaults that a peer is limited to, so many are named. */
    int VAULTS_MAX = 256;

    /** One of a few, which the format knows by its number. */
    interface Choice {
        /** In files; never given to another. */
        int number();
    }

    /** Of the trail itself. */
    sealed interface OfTrail extends AuditEvent {}

    /** Of the ways to the store's keys. */
    sealed interface OfKeys extends AuditEvent {}

    /** Of the devices that the store exchanges with. */
    sealed interface OfPeers extends AuditEvent {}

    /** Of what the store holds, as a whole. */
    sealed interface OfStore extends AuditEvent {}

    /**
     * The trail begins.
     *
     * @param position how many batches the log held already
     */
    record Begun(long position) implements OfTrail {}

    /**
     * The trail did not end as it should have, and goes on in another file. After a crash some
     * bytes of one event are lost, which nobody was told of; anything else is somebody's doing.
     *
     * @param file the last one with an event that is whole
     * @param keptBytes of it
     * @param lostBytes behind that
     * @param signed the last event that the device had vouched for
     */
    record Resumed(long file, long keptBytes, long lostBytes, long signed) implements OfTrail {}

    /** What the device had vouched for was gone, or could not be read. */
    record HeadLost() implements OfTrail {}

    /** So many events before this one could not be written: the disk was full, or failed. */
    record Unrecorded(long count) implements OfTrail {}

    /** The store was opened by one of its key slots. */
    record Unlocked(int slot, SlotSecret.Source source) implements OfKeys {}

    /**
     * Wrong keys were tried since the store was last opened, as far as Loam was asked to.
     *
     * @param count at most {@link FailedUnlocks#COUNT_MAX}
     */
    record UnlocksFailed(long count, Instant first, Instant last) implements OfKeys {}

    /** A way to the master key was added. */
    record SlotAdded(int slot, SlotSecret.Source source) implements OfKeys {}

    /** A way to the master key was removed. */
    record SlotRemoved(int slot) implements OfKeys {}

    /**
     * The master key was changed.
     *
     * @param epoch of the new one
     */
    record MasterKeyRotated(long epoch, RotationCause cause) implements OfKeys {}

    /** Why a master key was changed. */
    enum RotationCause implements Choice {
        ASKED(0),
        SCHEDULE(1),
        REVOCATION(2),
        FORGETTING(3);

        private final int number;

        RotationCause(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /** The store was opened with an option that makes it less safe. */
    record SafetyWeakened(WeakOption option) implements OfKeys {}

    /** Options that make a store less safe. */
    enum WeakOption implements Choice {
        DIRECT_KEY(0);

        private final int number;

        WeakOption(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /** A device was paired, or paired anew with other addresses. */
    record Paired(DeviceId device) implements OfPeers {}

    /** A device is trusted no longer. */
    record PeerRemoved(DeviceId device) implements OfPeers {}

    /** A device has another name here. */
    record PeerRenamed(DeviceId device) implements OfPeers {}

    /**
     * Only some vaults are exchanged with a device from now on.
     *
     * @param vaults the first {@value #VAULTS_MAX} of them; empty for all that there are
     */
    record PeerLimited(DeviceId device, Optional<List<VaultId>> vaults) implements OfPeers {
        public PeerLimited {
            vaults = vaults.map(each -> each.stream().sorted().limit(VAULTS_MAX).toList());
        }
    }

    /** A device was let into a vault, by this one. */
    record DeviceLetIn(VaultId vault, DeviceId device) implements OfPeers {}

    /** A device was shut out for good. */
    record DeviceRevoked(DeviceId device, Revoker by) implements OfPeers {}

    /** Who revoked a device. */
    enum Revoker implements Choice {
        THIS_DEVICE(0),
        ANOTHER_DEVICE(1);

        private final int number;

        Revoker(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /**
     * Memories were written out of the store. Recorded before the first of them is.
     *
     * @param vault empty for all of them
     */
    record Exported(Optional<VaultId> vault, ExportForm form) implements OfStore {}

    /** Whether an export can be read by whoever finds it. */
    enum ExportForm implements Choice {
        SEALED(0),
        PLAINTEXT(1);

        private final int number;

        ExportForm(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /** Memories were taken in from a file. */
    record Imported(Optional<VaultId> vault, long memories) implements OfStore {}

    record BackupMade(Bytes backup) implements OfStore {
        public BackupMade {
            checkId(backup);
        }
    }

    /** A backup was compared with what it says of itself, and found sound. */
    record BackupVerified(Bytes backup, Thoroughness how) implements OfStore {
        public BackupVerified {
            checkId(backup);
        }
    }

    /** How much of a backup was looked at: see {@link BackupScope}. */
    enum Thoroughness implements Choice {
        QUICK(0),
        SAMPLE(1),
        FULL(2),
        DRILL(3);

        private final int number;

        Thoroughness(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /** The store was put back from a backup, and opened for the first time. */
    record Restored(Bytes backup) implements OfStore {
        public Restored {
            checkId(backup);
        }
    }

    /**
     * Memories were thrown away so that nothing brings them back.
     *
     * @param purge its id
     * @param memories how many
     */
    record Forgotten(Bytes purge, VaultId vault, long memories) implements OfStore {
        public Forgotten {
            checkId(purge);
        }
    }

    /**
     * The log was rewritten.
     *
     * @param segmentsBefore how many it had
     */
    record Compacted(long segmentsBefore, long segmentsAfter) implements OfStore {}

    /** The index was built anew because somebody asked for it. */
    record Rebuilt(long batches) implements OfStore {}

    /**
     * Opening the store had something to say.
     *
     * @param notes what was repaired, or found
     * @param damages how much of the log cannot be read
     */
    record Repaired(long notes, long damages, IndexState index) implements OfStore {}

    /** What opening made of the index. */
    enum IndexState implements Choice {
        KEPT(0),
        BUILT_ANEW(1);

        private final int number;

        IndexState(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /**
     * What a newer version of Loam recorded.
     *
     * @param kind its number
     */
    record Unknown(long kind, Bytes payload) implements AuditEvent {}

    private static void checkId(Bytes id) {
        Invariant.check(
                id.size() >= 1 && id.size() <= ID_BYTES_MAX, "an id has {0} bytes", id.size());
    }
}
