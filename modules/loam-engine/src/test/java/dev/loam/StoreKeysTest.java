package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.Secret;
import dev.loam.crypto.SlotSecret;
import dev.loam.crypto.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreKeysTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Environment ENVIRONMENT = new Environment(InstantSource.fixed(NOW));
    private static final Bytes SEGMENT = Bytes.fromHex("aa".repeat(16));
    private static final Bytes OTHER = Bytes.fromHex("bb".repeat(16));

    @TempDir Path directory;
    private Path store;

    @BeforeEach
    void makeDirectory() throws IOException {
        store = Files.createDirectory(directory.resolve("store"));
    }

    private static Encryption by(int key) {
        byte[] bytes = new byte[Suite.KEY_BYTES];
        bytes[0] = (byte) key;
        return Encryption.by(KeySource.direct(bytes)).allowDirectKey();
    }

    private StoreKeys make() {
        return StoreKeys.make(store, by(1), ENVIRONMENT);
    }

    private StoreKeys unlock() {
        return StoreKeys.unlock(store, by(1), ENVIRONMENT);
    }

    private static void add(StoreKeys keys, Bytes id) {
        try (Secret key = Secret.random(new SecureRandom(), Suite.KEY_BYTES)) {
            keys.add(id, key);
        }
    }

    private static String key(StoreKeys keys, Bytes id) {
        try (Secret key = keys.key(id).orElseThrow()) {
            return key.with(bytes -> Bytes.copyOf(bytes).toHex());
        }
    }

    @Test
    void theKeysOfSegmentsAndFilesAreTheSameAfterTheStoreWasClosed() {
        String before;
        Bytes sealed;
        try (StoreKeys keys = make()) {
            add(keys, SEGMENT);
            before = key(keys, SEGMENT);
            sealed = keys.sealFile("peers", Bytes.ofUtf8("ann"));
        }
        try (StoreKeys keys = unlock()) {
            assertThat(key(keys, SEGMENT)).isEqualTo(before);
            assertThat(keys.openFile(store, "peers", sealed)).isEqualTo(Bytes.ofUtf8("ann"));
            assertThat(keys.key(OTHER)).isEmpty();
        }
    }

    @Test
    void anotherSecretIsAWrongKeyAndChangesNothing() throws IOException {
        make().close();
        List<Bytes> before = content();
        assertThatThrownBy(() -> StoreKeys.unlock(store, by(2), ENVIRONMENT))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.WRONG_KEY));
        assertThat(content()).isEqualTo(before);
    }

    private List<Bytes> content() throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.sorted().map(this::read).toList();
        }
    }

    private Bytes read(Path file) {
        return new WholeFile(store, file.getFileName().toString()).read().orElseThrow();
    }

    @Test
    void everyFileIsItsOwnersAlone() throws IOException {
        make().close();
        try (Stream<Path> files = Files.list(store)) {
            for (Path file : files.toList()) {
                assertThat(Files.getPosixFilePermissions(file))
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "keys.copy"})
    void eitherCopyOfTheKeyFileOpensTheStoreAndMendsTheOther(String damaged) throws IOException {
        make().close();
        Files.writeString(store.resolve(damaged), "LKEY and then nothing");
        unlock().close();
        assertThat(read(store.resolve("keys"))).isEqualTo(read(store.resolve("keys.copy")));
        Files.delete(store.resolve(damaged));
        unlock().close();
        assertThat(store.resolve(damaged)).exists();
    }

    /** As one whose blocks the disk has lost: it can neither be read nor, here, replaced. */
    @ParameterizedTest
    @ValueSource(strings = {"keys", "keys.copy"})
    void aKeyFileThatCannotBeReadNorMendedKeepsNobodyOut(String lost) throws IOException {
        try (StoreKeys keys = make()) {
            assertThat(keys.notes()).isEmpty();
        }
        Files.delete(store.resolve(lost));
        Files.createDirectory(store.resolve(lost));
        try (StoreKeys keys = unlock()) {
            assertThat(keys.notes()).singleElement().asString().contains("cannot be mended");
        }
        Files.delete(store.resolve(lost));
        try (StoreKeys keys = unlock()) {
            assertThat(keys.notes()).isEmpty();
        }
        assertThat(read(store.resolve("keys"))).isEqualTo(read(store.resolve("keys.copy")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"log-keys", "log-keys.copy"})
    void aTableThatCannotBeMendedIsReadFromItsCopy(String lost) throws IOException {
        String before;
        try (StoreKeys keys = make()) {
            add(keys, SEGMENT);
            before = key(keys, SEGMENT);
        }
        Files.delete(store.resolve(lost));
        Files.createDirectory(store.resolve(lost));
        try (StoreKeys keys = unlock()) {
            assertThat(key(keys, SEGMENT)).isEqualTo(before);
            assertThat(keys.mended()).isEmpty();
        }
    }

    @Test
    void keyFilesNeitherOfWhichCanBeReadAreTheDisksFault() throws IOException {
        make().close();
        for (String copy : List.of("keys", "keys.copy")) {
            Files.delete(store.resolve(copy));
            Files.createDirectory(store.resolve(copy));
        }
        assertThatThrownBy(this::unlock)
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.IO_FAILED));
    }

    @Test
    void withoutAWholeKeyFileTheStoreIsDamagedAndNotNew() throws IOException {
        make().close();
        Files.writeString(store.resolve("keys"), "x");
        Files.writeString(store.resolve("keys.copy"), "x");
        assertThatThrownBy(this::unlock)
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT));
        assertThat(StoreKeys.isSealed(store)).isTrue();
    }

    @Test
    void aNewMasterKeyOpensAllThatTheOldOneDid() {
        String before;
        try (StoreKeys keys = make()) {
            add(keys, SEGMENT);
            before = key(keys, SEGMENT);
            Bytes sealed = keys.sealFile("peers", Bytes.ofUtf8("ann"));
            keys.rotate(NOW.plusSeconds(1));

            assertThat(keys.keyFile().epoch()).isEqualTo(2);
            assertThat(keys.segmentsOfEarlierEpochs()).isEqualTo(1);
            assertThat(key(keys, SEGMENT)).isEqualTo(before);
            assertThat(keys.openFile(store, "peers", sealed)).isEqualTo(Bytes.ofUtf8("ann"));
            add(keys, OTHER);
            assertThat(keys.segmentsOfEarlierEpochs()).isEqualTo(1);
        }
        try (StoreKeys keys = unlock()) {
            assertThat(keys.keyFile().since()).isEqualTo(NOW.plusSeconds(1));
            assertThat(key(keys, SEGMENT)).isEqualTo(before);
        }
    }

    /** The order of its writes: table beside, key file, its copy, table in place. */
    static Stream<Integer> stepsOfARotation() {
        return IntStream.rangeClosed(0, 6).boxed();
    }

    @ParameterizedTest
    @MethodSource("stepsOfARotation")
    void killedAtAnyMomentOfARotationTheStoreHasOneOfTheTwo(int steps) throws IOException {
        String before;
        Path rotated = directory.resolve("rotated");
        try (StoreKeys keys = make()) {
            add(keys, SEGMENT);
            before = key(keys, SEGMENT);
        }
        Path old = copy("old");
        try (StoreKeys keys = unlock()) {
            keys.rotate(NOW.plusSeconds(1));
        }
        Files.move(store, rotated);
        Files.move(old, store);
        if (steps >= 1) {
            Files.copy(rotated.resolve("log-keys"), store.resolve("log-keys.next"));
        }
        List<String> replaced = List.of("keys", "keys.copy", "log-keys", "log-keys.copy");
        for (String file : replaced.subList(0, Math.clamp(steps - 1, 0, replaced.size()))) {
            Files.copy(
                    rotated.resolve(file),
                    store.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        if (steps == 6) {
            Files.delete(store.resolve("log-keys.next"));
        }

        for (int opening = 0; opening < 2; opening++) {
            try (StoreKeys keys = unlock()) {
                assertThat(keys.keyFile().epoch()).isEqualTo(steps >= 2 ? 2 : 1);
                assertThat(key(keys, SEGMENT)).isEqualTo(before);
                assertThat(keys.suspicion()).isEmpty();
                add(keys, OTHER);
            }
        }
        assertThat(store.resolve("log-keys.next")).doesNotExist();
    }

    private Path copy(String name) throws IOException {
        Path copy = Files.createDirectory(directory.resolve(name));
        try (Stream<Path> files = Files.list(store)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    @Test
    void aKeyFileThatWasPutBackToAnOlderOneIsToldUntilTheMasterKeyIsChanged() throws IOException {
        Path old;
        try (StoreKeys keys = make()) {
            addSlot(keys);
            old = copy("old");
            keys.changeSlots(master -> master.withoutSlot(2));
        }
        assertThat(StoreKeys.verify(store, by(1))).isZero();
        for (String copy : List.of("keys", "keys.copy")) {
            Files.copy(old.resolve(copy), store.resolve(copy), StandardCopyOption.REPLACE_EXISTING);
        }

        for (int opening = 0; opening < 2; opening++) {
            assertThatThrownBy(() -> StoreKeys.verify(store, by(1)))
                    .isInstanceOfSatisfying(
                            LoamException.class,
                            told -> assertThat(told.code()).isEqualTo(ErrorCode.TAMPERED));
            try (StoreKeys keys = unlock()) {
                assertThat(keys.suspicion().orElseThrow())
                        .contains("(2, and there was 3)", "key rotate");
                add(keys, opening == 0 ? SEGMENT : OTHER);
            }
        }
        try (StoreKeys keys = unlock()) {
            keys.rotate(NOW.plusSeconds(1));
            assertThat(keys.suspicion()).isEmpty();
        }
        assertThat(StoreKeys.verify(store, by(1))).isEqualTo(2);
    }

    @Test
    void aKeyFileThatTheTableWasNotToldOfIsSound() throws IOException {
        make().close();
        Path before = copy("before");
        try (StoreKeys keys = unlock()) {
            addSlot(keys);
        }
        Files.copy(
                before.resolve("log-keys"),
                store.resolve("log-keys"),
                StandardCopyOption.REPLACE_EXISTING);
        try (StoreKeys keys = unlock()) {
            assertThat(keys.suspicion()).isEmpty();
        }
    }

    private static void addSlot(StoreKeys keys) {
        try (SlotSecret secret =
                new SlotSecret.Key(
                        SlotSecret.Source.DIRECT,
                        Secret.random(new SecureRandom(), Suite.KEY_BYTES))) {
            keys.changeSlots(master -> master.withSlot(secret, "", NOW, new SecureRandom()));
        }
    }

    @Test
    void theScheduleChangesTheMasterKeyOnceItIsOldEnough() {
        try (StoreKeys keys = make()) {
            Instant due = NOW.plus(Encryption.ROTATE_AFTER);
            keys.rotateIfDue(due.minusMillis(1));
            assertThat(keys.keyFile().epoch()).isEqualTo(1);
            keys.rotateIfDue(due);
            keys.rotateIfDue(due);
            assertThat(keys.keyFile().epoch()).isEqualTo(2);
        }
    }

    /** A clock that was ahead when the key was made must not bring a rotation at each look. */
    @Test
    void aClockBeforeTheKeyWasMadeRotatesNothing() {
        try (StoreKeys keys = make()) {
            keys.rotateIfDue(Instant.EPOCH);
            assertThat(keys.keyFile().epoch()).isEqualTo(1);
        }
    }

    @Test
    void keysOfSegmentsThatAreGoneAreThrownAway() {
        try (StoreKeys keys = make()) {
            add(keys, SEGMENT);
            add(keys, OTHER);
            keys.keepOnly(Set.of(OTHER));
            assertThat(keys.key(SEGMENT)).isEmpty();
            assertThat(keys.key(OTHER)).isPresent();
        }
        try (StoreKeys keys = unlock()) {
            assertThat(keys.key(SEGMENT)).isEmpty();
        }
    }

    /** Each byte of each file: its copy opens the store, and it is written anew from that. */
    @ParameterizedTest
    @ValueSource(strings = {"keys", "keys.copy", "log-keys", "log-keys.copy"})
    void anyChangedByteIsMended(String name) throws IOException {
        String before;
        try (StoreKeys keys = make()) {
            add(keys, SEGMENT);
            before = key(keys, SEGMENT);
        }
        byte[] whole = Files.readAllBytes(store.resolve(name));
        for (int at = 0; at < whole.length; at++) {
            byte[] altered = whole.clone();
            altered[at] ^= 1;
            Files.write(store.resolve(name), altered);
            try (StoreKeys keys = unlock()) {
                assertThat(key(keys, SEGMENT)).isEqualTo(before);
                assertThat(keys.mended()).containsExactly(name);
            }
            assertThat(store.resolve(name)).hasBinaryContent(whole);
        }
    }

    @Test
    void aTableOfAnotherStoreIsMendedAndWithItsCopyTampering() throws IOException {
        make().close();
        Path other = Files.createDirectory(directory.resolve("other"));
        StoreKeys.make(other, by(1), ENVIRONMENT).close();
        byte[] foreign = Files.readAllBytes(other.resolve("log-keys"));
        Files.write(store.resolve("log-keys"), foreign);
        unlock().close();
        assertThat(store.resolve("log-keys"))
                .hasSameBinaryContentAs(store.resolve("log-keys.copy"));

        Files.write(store.resolve("log-keys"), foreign);
        Files.write(store.resolve("log-keys.copy"), foreign);
        assertThatThrownBy(this::unlock)
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TAMPERED));
    }

    /** The master key for which it was written never came; nobody needs to read it. */
    @Test
    void aNextTableThatIsDamagedHarmsNothing() throws IOException {
        make().close();
        Files.write(store.resolve("log-keys.next"), new byte[100]);
        unlock().close();
        assertThat(store.resolve("log-keys.next")).doesNotExist();
    }

    @Test
    void withoutBothTablesTheStoreIsDamaged() throws IOException {
        make().close();
        Files.delete(store.resolve("log-keys"));
        unlock().close();
        Files.delete(store.resolve("log-keys"));
        Files.delete(store.resolve("log-keys.copy"));
        assertThatThrownBy(this::unlock)
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT));
    }

    @Test
    void aKeyHandedInAsBytesIsRefusedUnlessItIsAllowed() {
        Encryption refused = Encryption.by(KeySource.direct(new byte[Suite.KEY_BYTES]));
        assertThatThrownBy(() -> StoreKeys.make(store, refused, ENVIRONMENT))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        told -> assertThat(told.code()).isEqualTo(ErrorCode.KEY_SOURCE));
        assertThat(StoreKeys.isSealed(store)).isFalse();
    }
}
