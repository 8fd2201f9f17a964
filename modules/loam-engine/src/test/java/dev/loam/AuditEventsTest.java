package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.AuditEvent.RotationCause;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.VaultId;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.crypto.SlotSecret;
import dev.loam.crypto.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which events a store records by itself. */
class AuditEventsTest {
    private static final AuditEvent DIRECT =
            new AuditEvent.SafetyWeakened(AuditEvent.WeakOption.DIRECT_KEY);

    @TempDir Path directory;

    private static LoamOptions sealed(int key) {
        byte[] bytes = new byte[Suite.KEY_BYTES];
        bytes[0] = (byte) key;
        return LoamOptions.unencrypted()
                .encryption(Encryption.by(KeySource.direct(bytes)).allowDirectKey());
    }

    private static LoamOptions sealed() {
        return sealed(1);
    }

    private static AuditEvent unlocked(int slot) {
        return new AuditEvent.Unlocked(slot, SlotSecret.Source.DIRECT);
    }

    private static List<AuditEvent> events(Loam loam) {
        List<AuditEvent> events = new ArrayList<>();
        AuditReport report = loam.audit().read(entry -> events.add(entry.event()));
        assertThat(report.damage()).isEmpty();
        return events;
    }

    private static List<AuditEvent> eventsAfter(Loam loam, int count) {
        List<AuditEvent> events = events(loam);
        return events.subList(count, events.size());
    }

    private static Peer someone() {
        DeviceIdentity other = DeviceIdentity.generate(new SecureRandom());
        return new Peer(other.id(), other.publicKey(), "someone", List.of());
    }

    @Test
    void eachOpeningOfASealedStoreNamesTheSlotAndWhereItsSecretCameFrom() {
        Path store = directory.resolve("store");
        Loam.open(store, sealed()).close();
        try (Loam loam = Loam.open(store, sealed())) {
            assertThat(events(loam))
                    .containsExactly(
                            new AuditEvent.Begun(0), unlocked(1), DIRECT, unlocked(1), DIRECT);
        }
    }

    @Test
    void aStoreThatIsNotSealedRecordsNothingUntilSomethingIsDone() {
        Path store = directory.resolve("store");
        try (Loam loam = TestStores.open(store)) {
            loam.vault("v").put(Memory.of("text"));
        }
        TestStores.open(store).close();
        assertThat(store.resolve("audit")).doesNotExist();
        try (Loam loam = TestStores.open(store)) {
            Peer peer = someone();
            loam.addPeer(peer);
            AuditReport report = loam.audit().verify(Optional.empty());
            assertThat(report.isSound()).isTrue();
            assertThat(report.notes()).as("it begins late").hasSize(1);
            assertThat(events(loam)).contains(new AuditEvent.Paired(peer.id()));
        }
    }

    @Test
    void wrongKeysAreToldOfByTheNextOpeningOnce() {
        Path store = directory.resolve("store");
        Loam.open(store, sealed()).close();
        assertCode(ErrorCode.WRONG_KEY, () -> Loam.open(store, sealed(2)));
        assertCode(ErrorCode.WRONG_KEY, () -> Loam.open(store, sealed(3)));
        Loam.open(store, sealed()).close();
        try (Loam loam = Loam.open(store, sealed())) {
            List<AuditEvent> failed =
                    events(loam).stream()
                            .filter(AuditEvent.UnlocksFailed.class::isInstance)
                            .toList();
            assertThat(failed).hasSize(1);
            assertThat(((AuditEvent.UnlocksFailed) failed.getFirst()).count()).isEqualTo(2);
        }
    }

    @Test
    void wrongKeysAreCountedUpToABound() throws IOException {
        Path store = Files.createDirectory(directory.resolve("store"));
        FailedUnlocks failed = new FailedUnlocks(store);
        assertThat(failed.asEvent()).isEmpty();
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        for (int i = 0; i <= FailedUnlocks.COUNT_MAX; i++) {
            failed.add(now.plusSeconds(i));
        }
        assertThat(failed.asEvent())
                .contains(
                        new AuditEvent.UnlocksFailed(
                                FailedUnlocks.COUNT_MAX,
                                now,
                                now.plusSeconds(FailedUnlocks.COUNT_MAX - 1L)));
        failed.forget();
        assertThat(failed.asEvent()).isEmpty();
    }

    @Test
    void slotsAndMasterKeysLeaveTheirTrace() {
        try (Loam loam = Loam.open(directory.resolve("store"), sealed())) {
            loam.keys().addRecoveryCode().close();
            loam.keys().rotate();
            loam.keys().remove(2);
            assertThat(eventsAfter(loam, 3))
                    .containsExactly(
                            new AuditEvent.SlotAdded(2, SlotSecret.Source.RECOVERY_CODE),
                            new AuditEvent.MasterKeyRotated(2, RotationCause.ASKED),
                            new AuditEvent.SlotRemoved(2));
        }
    }

    @Test
    void aMasterKeyThatIsChangedByTheScheduleSaysSo() {
        SettableClock clock = new SettableClock(1_767_225_600_000L);
        try (Loam loam = Loam.open(directory.resolve("store"), sealed().clock(clock))) {
            clock.advance(Encryption.ROTATE_AFTER.toMillis());
            loam.tidy();
            assertThat(eventsAfter(loam, 3))
                    .containsExactly(new AuditEvent.MasterKeyRotated(2, RotationCause.SCHEDULE));
        }
    }

    @Test
    void whatBecomesOfPeersIsRecordedOnceForEachChange() {
        try (Loam loam = Loam.open(directory.resolve("store"), sealed())) {
            Peer peer = someone();
            loam.addPeer(peer);
            loam.addPeer(peer);
            loam.renamePeer(peer.id(), "another name");
            VaultId vault = new VaultId(Bytes.adopt(new byte[VaultId.SIZE]));
            loam.exchangeOnly(peer.id(), Set.of(vault));
            loam.exchangeAll(peer.id());
            loam.removePeer(peer.id());
            assertCode(ErrorCode.NOT_FOUND, () -> loam.removePeer(peer.id()));
            loam.addPeer(peer);
            loam.revoke(peer.id());
            assertThat(eventsAfter(loam, 3))
                    .containsExactly(
                            new AuditEvent.Paired(peer.id()),
                            new AuditEvent.PeerRenamed(peer.id()),
                            new AuditEvent.PeerLimited(peer.id(), Optional.of(List.of(vault))),
                            new AuditEvent.PeerLimited(peer.id(), Optional.empty()),
                            new AuditEvent.PeerRemoved(peer.id()),
                            new AuditEvent.Paired(peer.id()),
                            new AuditEvent.DeviceRevoked(peer.id(), AuditEvent.Revoker.THIS_DEVICE),
                            new AuditEvent.MasterKeyRotated(2, RotationCause.REVOCATION));
        }
    }

    @Test
    void aDeviceThatIsLetIntoAVaultIsNamedWithIt() throws Exception {
        try (Loam laptop = TestStores.open(directory.resolve("laptop"));
                Loam phone = TestStores.open(directory.resolve("phone"))) {
            laptop.vault("v").put(Memory.of("text"));
            pair(laptop, phone);
            sync(laptop, phone);
            sync(laptop, phone);
            VaultId vault = laptop.vaults().getFirst().id();
            assertThat(events(laptop))
                    .containsOnlyOnce(new AuditEvent.DeviceLetIn(vault, phone.identity().id()));
        }
    }

    @Test
    void compactionsAndRebuildsAreRecorded() {
        try (Loam loam = TestStores.open(directory.resolve("store"))) {
            loam.vault("v").put(Memory.of("text").key("k"));
            loam.rebuild(Progress.NONE);
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
            List<AuditEvent> events = events(loam);
            assertThat(events.get(1)).isInstanceOf(AuditEvent.Rebuilt.class);
            assertThat(events.get(2)).isInstanceOf(AuditEvent.Compacted.class);
        }
    }

    @Test
    void anIndexThatHadToBeBuiltAnewIsARepair() throws IOException {
        Path store = directory.resolve("store");
        try (Loam loam = TestStores.open(store)) {
            loam.vault("v").put(Memory.of("text"));
        }
        IndexBuild.deleteTree(store.resolve("index"));
        try (Loam loam = TestStores.open(store)) {
            assertThat(events(loam))
                    .contains(new AuditEvent.Repaired(0, 0, AuditEvent.IndexState.BUILT_ANEW));
        }
    }

    @Test
    void aSealedStoreWhoseTrailWasTakenAwaySaysSoForEver() {
        Path store = directory.resolve("store");
        try (Loam loam = Loam.open(store, sealed())) {
            loam.vault("v").put(Memory.of("text"));
        }
        IndexBuild.deleteTree(store.resolve("audit"));
        for (int i = 0; i < 2; i++) {
            try (Loam loam = Loam.open(store, sealed())) {
                assertThat(loam.audit().verify(Optional.empty()).damage()).hasSize(1);
            }
        }
    }

    @Test
    void aStoreWhoseTrailCannotBeWrittenIsOpenedAndSaysSo() throws IOException {
        Path store = directory.resolve("store");
        Loam.open(store, sealed()).close();
        IndexBuild.deleteTree(store.resolve("audit"));
        Files.createFile(store.resolve("audit"));
        try (Loam loam = Loam.open(store, sealed())) {
            assertThat(loam.openReport().notes())
                    .anyMatch(note -> note.startsWith("the audit trail cannot be written"));
            loam.vault("v").put(Memory.of("text"));
            assertThat(loam.stats().records()).isEqualTo(1);
        }
    }

    @Test
    void noWordOfWhatAStoreHoldsComesIntoItsTrail() throws Exception {
        Canary canary = new Canary(11);
        String vault = canary.word("vault");
        String text = canary.word("text");
        String key = canary.word("key");
        String tag = canary.word("tag");
        String peerName = canary.word("peer");
        String newName = canary.word("new peer");
        String label = canary.word("label");
        Path store = directory.resolve("store");
        Path listed = Files.createDirectory(directory.resolve("listed"));
        try (Loam loam = TestStores.open(store);
                Loam phone = TestStores.open(directory.resolve("phone"))) {
            loam.vault(vault).put(Memory.of(text).key(key).tag(tag));
            DeviceIdentity other = DeviceIdentity.generate(new SecureRandom());
            Peer peer = new Peer(other.id(), other.publicKey(), peerName, List.of());
            loam.addPeer(peer);
            loam.renamePeer(peer.id(), newName);
            loam.exchangeOnly(peer.id(), Set.of(loam.vaults().getFirst().id()));
            pair(loam, phone);
            sync(loam, phone);
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
            loam.rebuild(Progress.NONE);
            loam.revoke(peer.id());
            List<String> lines = new ArrayList<>();
            loam.audit().read(entry -> lines.add(entry.toString()));
            assertThat(lines).hasSizeGreaterThan(7);
            Files.write(listed.resolve("entries"), lines);
        }
        assertThat(canary.findIn(store.resolve("audit"))).isEmpty();
        assertThat(canary.findIn(listed)).isEmpty();
        Path sealedStore = directory.resolve("sealed");
        try (Loam loam = Loam.open(sealedStore, sealed())) {
            loam.keys().add(KeySource.direct(new byte[Suite.KEY_BYTES]), label);
        }
        assertThat(canary.findIn(sealedStore.resolve("audit"))).isEmpty();
    }

    @Test
    void inASealedStoreNothingOfTheTrailLiesOpen() throws IOException {
        Path store = directory.resolve("store");
        Peer peer = someone();
        try (Loam loam = Loam.open(store, sealed())) {
            loam.addPeer(peer);
        }
        try (Stream<Path> files = Files.list(store.resolve("audit"))) {
            for (Path file : files.toList()) {
                String content = Bytes.adopt(Files.readAllBytes(file)).toHex();
                assertThat(content).doesNotContain(peer.id().toString());
                assertThat(Files.getPosixFilePermissions(file).toString())
                        .doesNotContain("GROUP", "OTHERS");
            }
        }
    }
}
