package dev.loam;

import static dev.loam.TestStores.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.AuditEvent.Compacted;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.StoreId;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.crypto.Suite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuditTrailTest {
    private static final StoreId STORE = new StoreId(Bytes.fromHex("07".repeat(StoreId.SIZE)));
    private static final StoreId OTHER = new StoreId(Bytes.fromHex("08".repeat(StoreId.SIZE)));
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir Path directory;

    private final Environment environment = new Environment(InstantSource.system());
    private final DeviceIdentity device = DeviceIdentity.generate(new SecureRandom());
    private final List<StoreKeys> opened = new ArrayList<>();

    /** Whether the trail is of a store that is sealed. */
    enum Kind {
        PLAIN,
        SEALED
    }

    @AfterEach
    void closeKeys() {
        opened.forEach(StoreKeys::close);
    }

    private StoreFolder folder(Kind kind, String name) throws IOException {
        Path store = directory.resolve(name);
        Files.createDirectories(store);
        if (kind == Kind.PLAIN) {
            return StoreFolder.plain(store);
        }
        Encryption encryption =
                Encryption.by(KeySource.direct(new byte[Suite.KEY_BYTES])).allowDirectKey();
        StoreKeys keys =
                StoreKeys.isSealed(store)
                        ? StoreKeys.unlock(store, encryption, environment)
                        : StoreKeys.make(store, encryption, environment);
        opened.add(keys);
        return new StoreFolder(store, Optional.of(keys));
    }

    private AuditTrail trail(StoreFolder folder) {
        Environment fixed = new Environment(InstantSource.fixed(NOW));
        return new AuditTrail(folder, id(folder), fixed, device, () -> 0);
    }

    private static StoreId id(StoreFolder folder) {
        return folder.path().endsWith("other") ? OTHER : STORE;
    }

    private static AuditEvent event(long number) {
        return new Compacted(number, 1);
    }

    /** The entries that tell of something else than of the trail itself. */
    private static List<AuditEvent> events(AuditTrail trail) {
        List<AuditEvent> events = new ArrayList<>();
        trail.read(Optional.empty(), entry -> events.add(entry.event()));
        events.removeIf(each -> !(each instanceof Compacted));
        return events;
    }

    private static AuditReport verify(AuditTrail trail) {
        return trail.read(Optional.empty(), _ -> {});
    }

    private static List<AuditEvent> numbered(long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(AuditTrailTest::event).toList();
    }

    private void fill(StoreFolder folder, long from, long to) {
        try (AuditTrail trail = trail(folder)) {
            numbered(from, to).forEach(trail::record);
        }
    }

    /** As a process that is killed leaves it: nothing is signed at the end. */
    private AuditTrail fillAndKill(StoreFolder folder, long from, long to) {
        AuditTrail trail = trail(folder);
        numbered(from, to).forEach(trail::record);
        return trail;
    }

    private static Path file(StoreFolder folder, long number) {
        return folder.path().resolve("audit").resolve(AuditFolder.fileName(number));
    }

    private static List<AuditFile.Frame> frames(StoreFolder folder) throws IOException {
        return AuditFile.parse(STORE, 1, Bytes.adopt(Files.readAllBytes(file(folder, 1)))).frames();
    }

    @ParameterizedTest
    @EnumSource
    void whatWasRecordedIsThereInItsOrderAndTheTrailHolds(Kind kind) throws IOException {
        StoreFolder folder = folder(kind, "store");
        fill(folder, 1, 5);
        fill(folder, 6, 9);
        try (AuditTrail trail = trail(folder)) {
            assertThat(events(trail)).isEqualTo(numbered(1, 9));
            AuditReport report = verify(trail);
            assertThat(report.isSound()).as("%s", report.damage()).isTrue();
            assertThat(report.notes()).isEmpty();
            assertThat(report.entries()).isEqualTo(10);
            assertThat(report.head().number()).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsWrittenBeforeTheFirstEvent(Kind kind) throws IOException {
        StoreFolder folder = folder(kind, "store");
        try (AuditTrail trail = trail(folder)) {
            assertThat(verify(trail).isSound()).isTrue();
        }
        assertThat(folder.path().resolve("audit")).doesNotExist();
    }

    @Test
    void aClosedTrailTakesNothing() throws IOException {
        AuditTrail trail = trail(folder(Kind.PLAIN, "store"));
        trail.close();
        assertCode(ErrorCode.CLOSED, () -> trail.record(event(1)));
    }

    @ParameterizedTest
    @EnumSource
    void anyByteThatIsAlteredIsFound(Kind kind) throws IOException {
        StoreFolder folder = folder(kind, "store");
        fill(folder, 1, 3);
        Path file = file(folder, 1);
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] altered = whole.clone();
            altered[i] ^= 1;
            Files.write(file, altered);
            assertThat(walk(folder).isSound()).as("byte %d", i).isFalse();
        }
        Files.write(file, whole);
        assertThat(walk(folder).isSound()).isTrue();
    }

    /** Reads and repairs nothing. */
    private AuditReport walk(StoreFolder folder) {
        return new AuditWalk(new AuditFolder(folder, id(folder)), device, Optional.empty(), _ -> {})
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void eachEventThatIsDroppedOrWrittenTwiceIsFoundAndAnyTwoThatAreSwapped(Kind kind)
            throws IOException {
        StoreFolder folder = folder(kind, "store");
        fill(folder, 1, 6);
        Path file = file(folder, 1);
        byte[] whole = Files.readAllBytes(file);
        List<byte[]> parts = parts(folder, whole);
        for (int i = 1; i < parts.size(); i++) {
            List<byte[]> dropped = new ArrayList<>(parts);
            byte[] part = dropped.remove(i);
            Files.write(file, joined(dropped));
            assertThat(walk(folder).isSound()).as("dropped %d", i).isFalse();
            List<byte[]> twice = new ArrayList<>(parts);
            twice.add(i, part);
            Files.write(file, joined(twice));
            assertThat(walk(folder).isSound()).as("twice %d", i).isFalse();
            for (int j = 1; j < i; j++) {
                List<byte[]> swapped = new ArrayList<>(parts);
                swapped.set(i, parts.get(j));
                swapped.set(j, part);
                Files.write(file, joined(swapped));
                assertThat(walk(folder).isSound()).as("swapped %d, %d", i, j).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEventThatIsWrittenAnewWithRightChecksumsIsFoundByTheChain(Kind kind) throws IOException {
        StoreFolder folder = folder(kind, "store");
        fill(folder, 1, 4);
        AuditFolder audit = new AuditFolder(folder, STORE);
        Path file = file(folder, 1);
        List<byte[]> parts = parts(folder, Files.readAllBytes(file));
        List<AuditFile.Frame> frames = frames(folder);
        for (int i = 0; i < frames.size(); i++) {
            ChainedEntry entry = audit.open(1, frames.get(i).stored().orElseThrow());
            AuditEntry told = entry.entry();
            ChainedEntry forged =
                    new ChainedEntry(
                            entry.previous(),
                            new AuditEntry(told.number(), told.time(), event(99)));
            List<byte[]> changed = new ArrayList<>(parts);
            changed.set(i + 1, audit.framed(1, forged).toArray());
            Files.write(file, joined(changed));
            assertThat(walk(folder).damage()).as("event %d", i + 1).isNotEmpty();
        }
    }

    /** The header, then each frame. */
    private static List<byte[]> parts(StoreFolder folder, byte[] whole) throws IOException {
        List<byte[]> parts = new ArrayList<>();
        int begin = 0;
        for (AuditFile.Frame frame : frames(folder)) {
            parts.add(Arrays.copyOfRange(whole, begin, frame.offset()));
            begin = frame.offset();
        }
        parts.add(Arrays.copyOfRange(whole, begin, whole.length));
        return parts;
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(part -> all.write(part, 0, part.length));
        return all.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void aTrailThatIsCutAnywhereAfterItWasClosedIsFoundNowAndForEver(Kind kind) throws IOException {
        StoreFolder folder = folder(kind, "store");
        fill(folder, 1, 1);
        byte[] whole = Files.readAllBytes(file(folder, 1));
        byte[] head = Files.readAllBytes(folder.path().resolve("audit/head"));
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(folder, 1), Arrays.copyOf(whole, length));
            Files.write(folder.path().resolve("audit/head"), head);
            Files.deleteIfExists(file(folder, 2));
            assertThat(walk(folder).isSound()).as("cut at %d", length).isFalse();
            fill(folder, 5, 5);
            assertThat(walk(folder).isSound()).as("cut at %d, gone on", length).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCrashAnywhereInAnAppendLosesNothingThatWasAnsweredAndIsToldOf(Kind kind)
            throws IOException {
        StoreFolder folder = folder(kind, "store");
        fill(folder, 1, 2);
        int answered = Files.readAllBytes(file(folder, 1)).length;
        byte[] head = Files.readAllBytes(folder.path().resolve("audit/head"));
        fillAndKill(folder, 3, 3);
        byte[] whole = Files.readAllBytes(file(folder, 1));
        for (int length = answered; length < whole.length; length++) {
            Files.write(file(folder, 1), Arrays.copyOf(whole, length));
            Files.write(folder.path().resolve("audit/head"), head);
            Files.deleteIfExists(file(folder, 2));
            assertThat(walk(folder).isSound()).as("torn at %d", length).isTrue();
            fill(folder, 4, 4);
            AuditReport report = walk(folder);
            assertThat(report.isSound()).as("torn at %d: %s", length, report.damage()).isTrue();
            assertThat(report.notes()).hasSize(length == answered ? 0 : 1);
            try (AuditTrail trail = trail(folder)) {
                assertThat(events(trail)).containsExactly(event(1), event(2), event(4));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesThatACrashLeftUnwrittenAreNoEvent(Kind kind) throws IOException {
        StoreFolder folder = folder(kind, "store");
        fill(folder, 1, 2);
        byte[] whole = Files.readAllBytes(file(folder, 1));
        Files.write(file(folder, 1), Arrays.copyOf(whole, whole.length + 100));
        fill(folder, 3, 3);
        assertThat(walk(folder).isSound()).as("%s", walk(folder).damage()).isTrue();
        try (AuditTrail trail = trail(folder)) {
            assertThat(events(trail)).isEqualTo(numbered(1, 3));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHeadThatIsMissingOrAlteredIsFoundNowAndForEver(Kind kind) throws IOException {
        StoreFolder folder = folder(kind, "store");
        fill(folder, 1, 2);
        Path head = folder.path().resolve("audit/head");
        byte[] whole = Files.readAllBytes(head);
        for (int i = 0; i < whole.length; i++) {
            byte[] altered = whole.clone();
            altered[i] ^= 1;
            Files.write(head, altered);
            assertThat(walk(folder).isSound()).as("byte %d", i).isFalse();
        }
        Files.delete(head);
        assertThat(walk(folder).isSound()).isFalse();
        fill(folder, 3, 3);
        assertThat(walk(folder).isSound()).isFalse();
        assertThat(walk(folder).damage()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void filesThatWereRemovedOrAreOfAnotherStoreAreFound(Kind kind) throws IOException {
        StoreFolder folder = folder(kind, "store");
        StoreFolder other = folder(kind, "other");
        fillFiles(folder);
        fillFiles(other);
        for (long number = 1; number <= 3; number++) {
            byte[] own = Files.readAllBytes(file(folder, number));
            Files.delete(file(folder, number));
            assertThat(walk(folder).isSound()).as("without %d", number).isFalse();
            Files.copy(file(other, number), file(folder, number));
            assertThat(walk(folder).isSound()).as("the other's %d", number).isFalse();
            Files.write(file(folder, number), own);
        }
        byte[] second = Files.readAllBytes(file(folder, 2));
        Files.write(file(folder, 2), Files.readAllBytes(file(folder, 3)));
        Files.write(file(folder, 3), second);
        assertThat(walk(folder).isSound()).as("exchanged").isFalse();
    }

    /** Three files, by two crashes. */
    private void fillFiles(StoreFolder folder) throws IOException {
        for (int i = 1; i <= 3; i++) {
            fill(folder, i, i);
            if (i < 3) {
                Files.write(file(folder, i), new byte[] {1, 2}, StandardOpenOption.APPEND);
            }
        }
        assertThat(walk(folder).isSound()).as("%s", walk(folder).damage()).isTrue();
        try (Stream<Path> files = Files.list(folder.path().resolve("audit"))) {
            assertThat(files.count()).isEqualTo(4);
        }
    }

    @Test
    void theChainGoesOnInAnotherFileOnceOneIsFull() throws IOException {
        StoreFolder folder = folder(Kind.PLAIN, "store");
        AuditEvent large = new AuditEvent.Unknown(1_000, Bytes.adopt(new byte[7 << 10]));
        try (AuditTrail trail = trail(folder)) {
            for (int i = 0; i < 300; i++) {
                trail.record(large);
            }
            AuditReport report = verify(trail);
            assertThat(report.damage()).isEmpty();
            assertThat(report.entries()).isEqualTo(301);
        }
        assertThat(Files.size(file(folder, 1)))
                .isBetween(
                        (long) AuditFile.BYTES_MAX,
                        (long) AuditFile.BYTES_MAX + AuditFile.FRAME_BYTES_MAX);
        assertThat(file(folder, 3)).exists();
        fill(folder, 1, 1);
        assertThat(walk(folder).damage()).isEmpty();
    }

    @Test
    void afterAHundredEventsThoseBeforeAreSignedWhateverHappens() throws IOException {
        StoreFolder folder = folder(Kind.PLAIN, "store");
        fillAndKill(folder, 1, AuditTrail.SIGN_EVERY + 5);
        Path file = file(folder, 1);
        List<AuditFile.Frame> frames = frames(folder);
        byte[] whole = Files.readAllBytes(file);
        int signed = AuditTrail.SIGN_EVERY + 2;
        Files.write(file, Arrays.copyOf(whole, frames.get(signed).offset()));
        assertThat(walk(folder).isSound()).as("what was not signed is gone").isTrue();
        Files.write(file, Arrays.copyOf(whole, frames.get(signed - 2).offset()));
        assertThat(walk(folder).isSound()).as("and one that was").isFalse();
    }

    @Test
    void whatIsNotSignedAfterFiveMinutesIsSignedThen() throws IOException {
        StoreFolder folder = folder(Kind.PLAIN, "store");
        AtomicLong millis = new AtomicLong();
        Environment environment =
                new Environment(
                        InstantSource.fixed(NOW),
                        new SecureRandom(),
                        () -> 0,
                        () -> millis.get() * 1_000_000);
        AuditFolder audit = new AuditFolder(folder, STORE);
        try (AuditTrail trail = new AuditTrail(folder, STORE, environment, device, () -> 0)) {
            trail.record(event(1));
            trail.record(event(2));
            millis.set(AuditTrail.SIGN_AFTER_MILLIS - 1);
            trail.signIfDue();
            assertThat(audit.head().orElseThrow().head().number()).isEqualTo(2);
            millis.set(AuditTrail.SIGN_AFTER_MILLIS);
            trail.signIfDue();
            assertThat(audit.head().orElseThrow().head().number()).isEqualTo(3);
        }
    }

    @Test
    void whoReadsTheTrailSeesItAsItWasAndHindersNobody() throws IOException {
        StoreFolder folder = folder(Kind.PLAIN, "store");
        try (AuditTrail trail = trail(folder)) {
            numbered(1, 3).forEach(trail::record);
            AuditReport report =
                    trail.read(Optional.empty(), entry -> trail.record(event(10 + entry.number())));
            assertThat(report.damage()).isEmpty();
            assertThat(report.entries()).isEqualTo(4);
            assertThat(verify(trail).entries()).isEqualTo(8);
        }
    }

    @Test
    void aHeadThatWasKeptElsewhereShowsAnOlderCopyOfTheWholeTrail() throws IOException {
        StoreFolder folder = folder(Kind.PLAIN, "store");
        fill(folder, 1, 2);
        byte[] file = Files.readAllBytes(file(folder, 1));
        byte[] head = Files.readAllBytes(folder.path().resolve("audit/head"));
        AuditHead kept;
        try (AuditTrail trail = trail(folder)) {
            trail.record(event(3));
            kept = AuditHead.parse(verify(trail).head().toString());
        }
        Files.write(file(folder, 1), file);
        Files.write(folder.path().resolve("audit/head"), head);
        assertThat(walk(folder).isSound()).isTrue();
        try (AuditTrail trail = trail(folder)) {
            assertThat(trail.read(Optional.of(kept), _ -> {}).damage()).hasSize(1);
            trail.record(event(4));
            assertThat(trail.read(Optional.of(kept), _ -> {}).damage()).hasSize(1);
        }
    }

    @Test
    void anotherDevicesSignatureIsFound() throws IOException {
        StoreFolder folder = folder(Kind.PLAIN, "store");
        fill(folder, 1, 1);
        DeviceIdentity other = DeviceIdentity.generate(new SecureRandom());
        AuditReport report =
                new AuditWalk(new AuditFolder(folder, STORE), other, Optional.empty(), _ -> {})
                        .run();
        assertThat(report.damage()).hasSize(1);
    }

    @Test
    void whatCouldNotBeWrittenIsToldOfOnceSomethingCan() throws IOException {
        StoreFolder folder = folder(Kind.PLAIN, "store");
        Path audit = folder.path().resolve("audit");
        try (AuditTrail trail = trail(folder)) {
            Files.createFile(audit);
            assertCode(ErrorCode.IO_FAILED, () -> trail.record(event(1)));
            assertCode(ErrorCode.IO_FAILED, () -> trail.record(event(2)));
            Files.delete(audit);
            trail.record(event(3));
            List<AuditEvent> all = new ArrayList<>();
            AuditReport report = trail.read(Optional.empty(), each -> all.add(each.event()));
            assertThat(all)
                    .containsExactly(
                            new AuditEvent.Begun(0), new AuditEvent.Unrecorded(2), event(3));
            assertThat(report.isSound()).isTrue();
            assertThat(report.notes()).hasSize(1);
        }
    }

    @Test
    void aNewerVersionsEventsAreKeptAndShownAsSuch() throws IOException {
        StoreFolder folder = folder(Kind.SEALED, "store");
        AuditEvent newer = new AuditEvent.Unknown(4711, Bytes.ofUtf8("what it says"));
        try (AuditTrail trail = trail(folder)) {
            trail.record(newer);
        }
        try (AuditTrail trail = trail(folder)) {
            List<AuditEvent> all = new ArrayList<>();
            assertThat(trail.read(Optional.empty(), each -> all.add(each.event())).isSound())
                    .isTrue();
            assertThat(all).contains(newer);
        }
    }

    @Test
    void manyThreadsRecordOneAfterTheOther() throws Exception {
        StoreFolder folder = folder(Kind.PLAIN, "store");
        try (AuditTrail trail = trail(folder)) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                threads.add(
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            Thread.currentThread().interrupt();
                                            numbered(1, 20).forEach(trail::record);
                                        }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(events(trail)).hasSize(160);
            assertThat(verify(trail).damage()).isEmpty();
        }
    }
}
