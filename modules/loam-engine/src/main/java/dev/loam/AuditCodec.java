package dev.loam;

import dev.loam.AuditEvent.BackupMade;
import dev.loam.AuditEvent.BackupVerified;
import dev.loam.AuditEvent.Begun;
import dev.loam.AuditEvent.Compacted;
import dev.loam.AuditEvent.DeviceLetIn;
import dev.loam.AuditEvent.DeviceRevoked;
import dev.loam.AuditEvent.ExportForm;
import dev.loam.AuditEvent.Exported;
import dev.loam.AuditEvent.Forgotten;
import dev.loam.AuditEvent.HeadLost;
import dev.loam.AuditEvent.Imported;
import dev.loam.AuditEvent.IndexState;
import dev.loam.AuditEvent.MasterKeyRotated;
import dev.loam.AuditEvent.Paired;
import dev.loam.AuditEvent.PeerLimited;
import dev.loam.AuditEvent.PeerRemoved;
import dev.loam.AuditEvent.PeerRenamed;
import dev.loam.AuditEvent.Rebuilt;
import dev.loam.AuditEvent.Repaired;
import dev.loam.AuditEvent.Restored;
import dev.loam.AuditEvent.Resumed;
import dev.loam.AuditEvent.Revoker;
import dev.loam.AuditEvent.RotationCause;
import dev.loam.AuditEvent.SafetyWeakened;
import dev.loam.AuditEvent.SlotAdded;
import dev.loam.AuditEvent.SlotRemoved;
import dev.loam.AuditEvent.Thoroughness;
import dev.loam.AuditEvent.Unknown;
import dev.loam.AuditEvent.Unlocked;
import dev.loam.AuditEvent.UnlocksFailed;
import dev.loam.AuditEvent.Unrecorded;
import dev.loam.AuditEvent.WeakOption;
import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import dev.loam.crypto.SlotSecret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Events as canonical bytes: a kind, and what it says. A kind never changes what it says; what a
 * newer version adds has another number, and is kept here as it is.
 */
final class AuditCodec {
    private static final int KINDS_OF_A_GROUP = 16;
    private static final int ABSENT = 0;
    private static final int PRESENT = 1;

    private AuditCodec() {}

    /** A kind, and its payload as a length and so many bytes. */
    static void write(AuditEvent event, ByteWriter to) {
        ByteWriter payload = new ByteWriter();
        long kind = writePayload(event, payload);
        to.varint(kind).bytes(payload.toBytes());
    }

    private static long writePayload(AuditEvent event, ByteWriter to) {
        return switch (event) {
            case AuditEvent.OfTrail each -> writeOfTrail(each, to);
            case AuditEvent.OfKeys each -> writeOfKeys(each, to);
            case AuditEvent.OfPeers each -> writeOfPeers(each, to);
            case AuditEvent.OfStore each -> writeOfStore(each, to);
            case Unknown(long kind, Bytes payload) -> kind(kind, to.raw(payload));
        };
    }

    private static long writeOfTrail(AuditEvent.OfTrail event, ByteWriter to) {
        return switch (event) {
            case Begun(long position) -> kind(1, to.varint(position));
            case Resumed(long file, long kept, long lost, long signed) ->
                    kind(2, to.varint(file).varint(kept).varint(lost).varint(signed));
            case HeadLost() -> kind(3, to);
            case Unrecorded(long count) -> kind(4, to.varint(count));
        };
    }

    private static Optional<AuditEvent> readOfTrail(int kind, ByteReader from) {
        return switch (kind) {
            case 1 -> Optional.of(new Begun(from.varint()));
            case 2 ->
                    Optional.of(
                            new Resumed(
                                    from.varint(), from.varint(), from.varint(), from.varint()));
            case 3 -> Optional.of(new HeadLost());
            case 4 -> Optional.of(new Unrecorded(from.varint()));
            default -> Optional.empty();
        };
    }

    private static long writeOfKeys(AuditEvent.OfKeys event, ByteWriter to) {
        return switch (event) {
            case Unlocked(int slot, var source) -> kind(17, to.u8(slot).u8(source.number()));
            case UnlocksFailed(long count, Instant first, Instant last) ->
                    kind(
                            18,
                            to.varint(count)
                                    .zigzag(first.toEpochMilli())
                                    .zigzag(last.toEpochMilli()));
            case SlotAdded(int slot, var source) -> kind(19, to.u8(slot).u8(source.number()));
            case SlotRemoved(int slot) -> kind(20, to.u8(slot));
            case MasterKeyRotated(long epoch, var cause) ->
                    kind(21, to.varint(epoch).u8(cause.number()));
            case SafetyWeakened(var option) -> kind(22, to.u8(option.number()));
        };
    }

    private static Optional<AuditEvent> readOfKeys(int kind, ByteReader from) {
        return switch (kind) {
            case 17 -> slotAndSource(from, Unlocked::new);
            case 18 -> Optional.of(new UnlocksFailed(from.varint(), time(from), time(from)));
            case 19 -> slotAndSource(from, SlotAdded::new);
            case 20 -> Optional.of(new SlotRemoved(from.u8()));
            case 21 -> {
                long epoch = from.varint();
                yield one(RotationCause.values(), from)
                        .map(cause -> new MasterKeyRotated(epoch, cause));
            }
            case 22 -> one(WeakOption.values(), from).map(SafetyWeakened::new);
            default -> Optional.empty();
        };
    }

    private static long writeOfPeers(AuditEvent.OfPeers event, ByteWriter to) {
        return switch (event) {
            case Paired(DeviceId device) -> kind(33, to.raw(device.bytes()));
            case PeerRemoved(DeviceId device) -> kind(34, to.raw(device.bytes()));
            case PeerRenamed(DeviceId device) -> kind(35, to.raw(device.bytes()));
            case PeerLimited(DeviceId device, var vaults) ->
                    kind(36, vaults(to.raw(device.bytes()), vaults));
            case DeviceLetIn(VaultId vault, DeviceId device) ->
                    kind(37, to.raw(vault.bytes()).raw(device.bytes()));
            case DeviceRevoked(DeviceId device, var by) ->
                    kind(38, to.raw(device.bytes()).u8(by.number()));
        };
    }

    private static Optional<AuditEvent> readOfPeers(int kind, ByteReader from) {
        return switch (kind) {
            case 33 -> Optional.of(new Paired(device(from)));
            case 34 -> Optional.of(new PeerRemoved(device(from)));
            case 35 -> Optional.of(new PeerRenamed(device(from)));
            case 36 -> Optional.of(peerLimited(from));
            case 37 -> Optional.of(new DeviceLetIn(vault(from), device(from)));
            case 38 -> {
                DeviceId device = device(from);
                yield one(Revoker.values(), from).map(by -> new DeviceRevoked(device, by));
            }
            default -> Optional.empty();
        };
    }

    private static long writeOfStore(AuditEvent.OfStore event, ByteWriter to) {
        return switch (event) {
            case Exported(var vault, var form) -> kind(49, vault(to, vault).u8(form.number()));
            case Imported(var vault, long memories) -> kind(50, vault(to, vault).varint(memories));
            case BackupMade(Bytes backup) -> kind(51, to.bytes(backup));
            case BackupVerified(Bytes backup, var how) ->
                    kind(52, to.bytes(backup).u8(how.number()));
            case Restored(Bytes backup) -> kind(53, to.bytes(backup));
            case Forgotten(Bytes purge, VaultId vault, long memories) ->
                    kind(54, to.bytes(purge).raw(vault.bytes()).varint(memories));
            case Compacted(long before, long after) -> kind(55, to.varint(before).varint(after));
            case Rebuilt(long batches) -> kind(56, to.varint(batches));
            case Repaired(long notes, long damages, var index) ->
                    kind(57, to.varint(notes).varint(damages).u8(index.number()));
        };
    }

    private static Optional<AuditEvent> readOfStore(int kind, ByteReader from) {
        return switch (kind) {
            case 49 -> {
                Optional<VaultId> vault = maybeVault(from);
                yield one(ExportForm.values(), from).map(form -> new Exported(vault, form));
            }
            case 50 -> Optional.of(new Imported(maybeVault(from), from.varint()));
            case 51 -> Optional.of(new BackupMade(id(from)));
            case 52 -> {
                Bytes backup = id(from);
                yield one(Thoroughness.values(), from).map(how -> new BackupVerified(backup, how));
            }
            case 53 -> Optional.of(new Restored(id(from)));
            case 54 -> Optional.of(new Forgotten(id(from), vault(from), from.varint()));
            case 55 -> Optional.of(new Compacted(from.varint(), from.varint()));
            case 56 -> Optional.of(new Rebuilt(from.varint()));
            case 57 -> {
                long notes = from.varint();
                long damages = from.varint();
                yield one(IndexState.values(), from)
                        .map(index -> new Repaired(notes, damages, index));
            }
            default -> Optional.empty();
        };
    }

    @SuppressWarnings("UnusedVariable") // what was written is named beside its kind
    private static long kind(long number, ByteWriter written) {
        return number;
    }

    private static ByteWriter vault(ByteWriter to, Optional<VaultId> vault) {
        return vault.map(each -> to.u8(PRESENT).raw(each.bytes())).orElseGet(() -> to.u8(ABSENT));
    }

    private static ByteWriter vaults(ByteWriter to, Optional<List<VaultId>> vaults) {
        if (vaults.isEmpty()) {
            return to.u8(ABSENT);
        }
        to.u8(PRESENT).varint(vaults.get().size());
        vaults.get().forEach(each -> to.raw(each.bytes()));
        return to;
    }

    /**
     * @throws LoamException {@code CORRUPT} for what no version wrote
     */
    static AuditEvent read(ByteReader from) {
        long kind = from.varint();
        Bytes payload = from.bytes();
        ByteReader reader = ByteReader.of("an event of the audit trail", payload);
        Optional<AuditEvent> known = readPayload(kind, reader);
        if (known.isEmpty()) {
            return new Unknown(kind, payload);
        }
        reader.expectEnd();
        return known.get();
    }

    /** Empty for what a newer version may have written. */
    private static Optional<AuditEvent> readPayload(long kind, ByteReader from) {
        int number = (int) Math.min(kind, Integer.MAX_VALUE);
        return switch (number / KINDS_OF_A_GROUP) {
            case 0 -> readOfTrail(number, from);
            case 1 -> readOfKeys(number, from);
            case 2 -> readOfPeers(number, from);
            case 3 -> readOfStore(number, from);
            default -> Optional.empty();
        };
    }

    private interface OfSlot {
        AuditEvent of(int slot, SlotSecret.Source source);
    }

    private static Optional<AuditEvent> slotAndSource(ByteReader from, OfSlot event) {
        int slot = from.u8();
        int number = from.u8();
        return Stream.of(SlotSecret.Source.values())
                .filter(each -> each.number() == number)
                .findFirst()
                .map(source -> event.of(slot, source));
    }

    private static <E extends AuditEvent.Choice> Optional<E> one(E[] all, ByteReader from) {
        int number = from.u8();
        return Stream.of(all).filter(each -> each.number() == number).findFirst();
    }

    private static Instant time(ByteReader from) {
        return Instant.ofEpochMilli(from.zigzag());
    }

    private static DeviceId device(ByteReader from) {
        return new DeviceId(from.raw(DeviceId.SIZE));
    }

    private static VaultId vault(ByteReader from) {
        return new VaultId(from.raw(VaultId.SIZE));
    }

    private static Optional<VaultId> maybeVault(ByteReader from) {
        return isPresent(from) ? Optional.of(vault(from)) : Optional.empty();
    }

    private static boolean isPresent(ByteReader from) {
        int flag = from.u8();
        if (flag > PRESENT) {
            throw from.corrupt("a flag is " + flag);
        }
        return flag == PRESENT;
    }

    private static AuditEvent peerLimited(ByteReader from) {
        DeviceId device = device(from);
        if (!isPresent(from)) {
            return new PeerLimited(device, Optional.empty());
        }
        int count = from.count(VaultId.SIZE);
        List<VaultId> vaults = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            vaults.add(vault(from));
        }
        PeerLimited event = new PeerLimited(device, Optional.of(vaults));
        if (!event.vaults().equals(Optional.of(vaults))) {
            throw from.corrupt("vaults are too many, or not in their order");
        }
        return event;
    }

    private static Bytes id(ByteReader from) {
        Bytes id = from.bytes();
        if (id.size() < 1 || id.size() > AuditEvent.ID_BYTES_MAX) {
            throw new LoamException(
                    ErrorCode.CORRUPT, "an id in the audit trail has " + id.size() + " bytes");
        }
        return id;
    }
}
