package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AuditCodecPropertyTest {
    private static final Bytes START = Bytes.adopt(new byte[ChainedEntry.HASH_BYTES]);

    private static Arbitrary<Bytes> bytes(int min, int max) {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(min)
                .ofMaxSize(max)
                .map(Bytes::copyOf);
    }

    private static Arbitrary<Long> counts() {
        return Arbitraries.longs().between(0, Long.MAX_VALUE);
    }

    private static Arbitrary<Instant> times() {
        return Arbitraries.longs()
                .between(-1_000_000_000_000L, 10_000_000_000_000L)
                .map(Instant::ofEpochMilli);
    }

    private static Arbitrary<DeviceId> devices() {
        return bytes(DeviceId.SIZE, DeviceId.SIZE).map(DeviceId::new);
    }

    private static Arbitrary<VaultId> vaults() {
        return bytes(VaultId.SIZE, VaultId.SIZE).map(VaultId::new);
    }

    private static Arbitrary<Optional<VaultId>> maybeVaults() {
        return vaults().optional();
    }

    private static Arbitrary<Bytes> ids() {
        return bytes(1, AuditEvent.ID_BYTES_MAX);
    }

    private static <E extends Enum<E>> Arbitrary<E> any(Class<E> constants) {
        return Arbitraries.of(constants);
    }

    private static Arbitrary<AuditEvent> ofTrailAndKeys() {
        Arbitrary<Integer> slots = Arbitraries.integers().between(0, 255);
        Arbitrary<SlotSecret.Source> sources = any(SlotSecret.Source.class);
        return Arbitraries.oneOf(
                counts().map(AuditEvent.Begun::new),
                Combinators.combine(counts(), counts(), counts(), counts())
                        .as(AuditEvent.Resumed::new),
                Arbitraries.just(new AuditEvent.HeadLost()),
                counts().map(AuditEvent.Unrecorded::new),
                Combinators.combine(slots, sources).as(AuditEvent.Unlocked::new),
                Combinators.combine(counts(), times(), times()).as(AuditEvent.UnlocksFailed::new),
                Combinators.combine(slots, sources).as(AuditEvent.SlotAdded::new),
                slots.map(AuditEvent.SlotRemoved::new),
                Combinators.combine(counts(), any(AuditEvent.RotationCause.class))
                        .as(AuditEvent.MasterKeyRotated::new),
                any(AuditEvent.WeakOption.class).map(AuditEvent.SafetyWeakened::new));
    }

    private static Arbitrary<AuditEvent> ofPeers() {
        return Arbitraries.oneOf(
                devices().map(AuditEvent.Paired::new),
                devices().map(AuditEvent.PeerRemoved::new),
                devices().map(AuditEvent.PeerRenamed::new),
                Combinators.combine(devices(), vaults().list().ofMaxSize(300).optional())
                        .as(AuditEvent.PeerLimited::new),
                Combinators.combine(vaults(), devices()).as(AuditEvent.DeviceLetIn::new),
                Combinators.combine(devices(), any(AuditEvent.Revoker.class))
                        .as(AuditEvent.DeviceRevoked::new));
    }

    private static Arbitrary<AuditEvent> ofStore() {
        return Arbitraries.oneOf(
                Combinators.combine(maybeVaults(), any(AuditEvent.ExportForm.class))
                        .as(AuditEvent.Exported::new),
                Combinators.combine(maybeVaults(), counts()).as(AuditEvent.Imported::new),
                ids().map(AuditEvent.BackupMade::new),
                Combinators.combine(ids(), any(AuditEvent.Thoroughness.class))
                        .as(AuditEvent.BackupVerified::new),
                ids().map(AuditEvent.Restored::new),
                Combinators.combine(ids(), vaults(), counts()).as(AuditEvent.Forgotten::new),
                Combinators.combine(counts(), counts()).as(AuditEvent.Compacted::new),
                counts().map(AuditEvent.Rebuilt::new),
                Combinators.combine(counts(), counts(), any(AuditEvent.IndexState.class))
                        .as(AuditEvent.Repaired::new));
    }

    private static Arbitrary<AuditEvent> unknown() {
        return Combinators.combine(Arbitraries.longs().between(64, Long.MAX_VALUE), bytes(0, 100))
                .as(AuditEvent.Unknown::new);
    }

    @Provide
    Arbitrary<List<AuditEntry>> sequences() {
        Arbitrary<AuditEvent> events =
                Arbitraries.oneOf(ofTrailAndKeys(), ofPeers(), ofStore(), unknown());
        return Combinators.combine(counts(), times(), events)
                .as(AuditEntry::new)
                .list()
                .ofMaxSize(30);
    }

    @Property(tries = 300)
    void whatWasEncodedIsDecodedAndItsHashIsThatOfAllBefore(
            @ForAll("sequences") List<AuditEntry> entries) {
        Bytes hash = START;
        List<Bytes> encoded = new ArrayList<>();
        for (AuditEntry entry : entries) {
            ChainedEntry chained = new ChainedEntry(hash, entry);
            encoded.add(chained.encode());
            hash = chained.hash();
        }
        Bytes previous = START;
        for (int i = 0; i < entries.size(); i++) {
            ChainedEntry decoded = ChainedEntry.decode(encoded.get(i));
            assertThat(decoded).isEqualTo(new ChainedEntry(previous, entries.get(i)));
            assertThat(decoded.encode()).isEqualTo(encoded.get(i));
            previous = decoded.hash();
        }
        assertThat(previous).isEqualTo(hash);
    }

    @Property(tries = 300)
    void whatIsCutShortIsRefusedAndWhateverIsReadIsWrittenBackTheSame(
            @ForAll("sequences") List<AuditEntry> entries, @ForAll("noise") Bytes noise) {
        for (AuditEntry entry : entries) {
            Bytes whole = new ChainedEntry(START, entry).encode();
            assertThatExceptionOfType(LoamException.class)
                    .isThrownBy(() -> ChainedEntry.decode(whole.slice(0, whole.size() - 1)))
                    .satisfies(it -> assertThat(it.code()).isEqualTo(ErrorCode.CORRUPT));
            byte[] altered = whole.toArray();
            int at = Math.floorMod(noise.hashCode(), altered.length);
            altered[at] = noise.get(0);
            try {
                assertThat(ChainedEntry.decode(Bytes.copyOf(altered)).encode())
                        .isEqualTo(Bytes.copyOf(altered));
            } catch (LoamException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT);
            }
        }
    }

    @Provide
    Arbitrary<Bytes> noise() {
        return bytes(1, 8);
    }
}
